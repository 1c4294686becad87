// SPDX-License-Identifier: MIT
#include "workload.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qthread.h>

#include <algorithm>
#include <utility>

namespace Flywheel::Demo {

using namespace std::chrono_literals;

namespace {

constexpr auto TickInterval = 1ms;
constexpr auto BurstInterval = 100ms;
constexpr int BurstSize = 500;
constexpr auto StallInterval = 3000ms;
constexpr auto StallTime = 120ms;

} // namespace

Workload::Workload(QObject *parent) : QObject(parent)
{
    m_sinceTick.start();
    m_ticker.start(static_cast<int>(TickInterval.count()), Qt::PreciseTimer, this);
    m_burst.start(static_cast<int>(BurstInterval.count()), this);
    m_blocker.start(static_cast<int>(StallInterval.count()), this);
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
    else if (event->timerId() == m_blocker.timerId())
        block();
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

void Workload::block()
{
    ++m_figures.stalls;
    QThread::msleep(static_cast<unsigned long>(StallTime.count()));
}

} // namespace Flywheel::Demo
