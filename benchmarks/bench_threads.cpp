// SPDX-License-Identifier: MIT
// Events between threads: one event that hops to and fro, and a thread that floods a loop.
#include "scenario.h"
#include "threadhop.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qobject.h>
#include <QtCore/qsemaphore.h>
#include <QtCore/qthread.h>

#include <thread>

namespace Flywheel::Bench {

namespace {

Measurements hop(const Setting &setting)
{
    Hopper hopper(setting.lane);
    return measureOperations(setting, [&](qint64 hops) { hopper.run(hops); });
}

/// Counts the events that another thread posts as fast as it can.
class Flooded : public QObject
{
public:
    Flooded() : m_flooder([this] { flood(); }) {}

    ~Flooded() override
    {
        m_wanted = 0;
        m_go.release();
        m_flooder.join();
    }

    void run(qint64 events)
    {
        m_wanted = events;
        m_left = events;
        m_go.release();
        m_loop.exec();
    }

protected:
    void customEvent(QEvent *) override
    {
        if (--m_left == 0)
            m_loop.quit();
    }

private:
    void flood()
    {
        for (m_go.acquire(); m_wanted > 0; m_go.acquire()) {
            // The loop may start the next batch before this one's last round is over, so count down a copy.
            for (qint64 left = m_wanted; left > 0; --left)
                post(this);
        }
    }

    QEventLoop m_loop;
    qint64 m_wanted = 0;
    qint64 m_left = 0;
    QSemaphore m_go; // GCC 12's own can miss a wake-up on Windows: barrier.h
    std::thread m_flooder;
};

Measurements flood(const Setting &setting)
{
    Flooded flooded;
    return measureOperations(setting, [&](qint64 events) { flooded.run(events); });
}

const RegisterScenario threadHop({.name = "threads/hop",
                                  .measure = hop,
                                  .sizes = {2},
                                  .systemCalls = Trace::AllThreads,
                                  .instructions = true});
const RegisterScenario threadFlood({.name = "threads/flood",
                                    .measure = flood,
                                    .sizes = {1},
                                    .instructions = true,
                                    .countedOperations = 20'000});

} // namespace

} // namespace Flywheel::Bench
