// SPDX-License-Identifier: MIT
// The price of a turn of the loop: an event that posts the next one, and a zero timer.
#include "scenario.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qobject.h>

namespace Flywheel::Bench {

namespace {

class Turner : public QObject
{
public:
    void run(qint64 turns)
    {
        m_left = turns;
        post();
        m_loop.exec();
    }

protected:
    void customEvent(QEvent *) override
    {
        if (--m_left > 0)
            post();
        else
            m_loop.quit();
    }

private:
    void post() { QCoreApplication::postEvent(this, new QEvent(QEvent::User)); }

    QEventLoop m_loop;
    qint64 m_left = 0;
};

Measurements turn(const Setting &setting)
{
    Turner turner;
    return measureOperations(setting, [&](qint64 turns) { turner.run(turns); });
}

/// Timers that are not due while it is measured.
class FarTimers : public QObject
{
public:
    explicit FarTimers(int count)
    {
        for (int i = 0; i < count; ++i)
            startTimer(std::chrono::hours(1));
    }
};

class ZeroTimer : public QObject
{
public:
    ZeroTimer() { startTimer(0); }

    void run(qint64 ticks)
    {
        m_left = ticks;
        m_loop.exec();
    }

protected:
    void timerEvent(QTimerEvent *) override
    {
        if (--m_left == 0)
            m_loop.quit();
    }

private:
    QEventLoop m_loop;
    qint64 m_left = 0;
};

Measurements zeroTimer(const Setting &setting)
{
    const FarTimers others(setting.size);
    ZeroTimer timer;
    return measureOperations(setting, [&](qint64 ticks) { timer.run(ticks); });
}

const RegisterScenario loopTurn({.name = "loop/turn",
                                 .measure = turn,
                                 .sizes = {1},
                                 .lanes = dispatcherAndHostingLanes(),
                                 .systemCalls = Trace::MainThread,
                                 .instructions = true});
const RegisterScenario loopZeroTimer({.name = "loop/zero-timer",
                                      .measure = zeroTimer,
                                      .sizes = {0, 100, 10'000},
                                      .lanes = dispatcherAndHostingLanes(),
                                      .systemCalls = Trace::MainThread,
                                      .instructions = true,
                                      .largestCounted = 100});

} // namespace

} // namespace Flywheel::Bench
