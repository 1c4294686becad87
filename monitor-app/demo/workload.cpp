// SPDX-License-Identifier: MIT
#include "workload.h"

#include "work.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>

#include <algorithm>
#include <utility>

namespace Flywheel::Demo {

using namespace std::chrono_literals;

namespace {

constexpr auto TickInterval = 1ms;
constexpr auto BurstInterval = 100ms;
constexpr int BurstSize = 500;
constexpr auto HeartbeatInterval = 250ms;
constexpr auto HousekeepingInterval = 5000ms;
constexpr int DocumentsToIndex = 400;
constexpr auto IndexTime = 200us;
constexpr auto HeartbeatTime = 100us;

} // namespace

Workload::Workload(QObject *parent) : QObject(parent)
{
    setObjectName(QStringLiteral("workload"));
    m_sinceTick.start();
    m_ticker.start(static_cast<int>(TickInterval.count()), Qt::PreciseTimer, this);
    m_burst.start(static_cast<int>(BurstInterval.count()), this);
    m_heartbeat.start(static_cast<int>(HeartbeatInterval.count()), Qt::CoarseTimer, this);
    m_housekeeping.start(static_cast<int>(HousekeepingInterval.count()), Qt::VeryCoarseTimer, this);
}

Figures Workload::takeFigures()
{
    return std::exchange(m_figures, {});
}

void Workload::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_ticker.timerId())
        tick();
    else if (event->timerId() == m_burst.timerId())
        postBurst();
    else if (event->timerId() == m_heartbeat.timerId())
        work(HeartbeatTime);
    else if (event->timerId() == m_indexing.timerId())
        indexSome();
    else if (event->timerId() == m_housekeeping.timerId()) {
        m_unindexed = DocumentsToIndex;
        m_indexing.start(0, this);
    }
}

void Workload::tick()
{
    const std::chrono::nanoseconds period(m_sinceTick.nsecsElapsed());
    m_sinceTick.restart();
    ++m_figures.timerTicks;
    m_figures.worstLateness = std::max(m_figures.worstLateness, period - TickInterval);
}

void Workload::postBurst()
{
    for (int i = 0; i < BurstSize; ++i)
        QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

void Workload::customEvent(QEvent *)
{
    ++m_figures.postedEvents;
}

void Workload::indexSome()
{
    work(IndexTime);
    if (--m_unindexed == 0)
        m_indexing.stop();
}

} // namespace Flywheel::Demo
