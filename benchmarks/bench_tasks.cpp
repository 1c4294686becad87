// SPDX-License-Identifier: MIT
// The loop's own lanes: what posting a task costs the poster, what a timeout that is cancelled costs. Beside
// them what Qt offers for the same.
#include "barrier.h"
#include "heap.h"
#include "scenario.h"
#include "stopwatch.h"

#include <flywheel/tasks.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

/// Posts tasks that do nothing to a loop, by the means of the lane.
class Poster
{
public:
    explicit Poster(Lane lane) : m_ours(isOurs(lane)), m_loop(Loop::current()) {}

    void operator()(qint64 count)
    {
        for (qint64 i = 0; i < count; ++i) {
            if (m_ours)
                post(m_loop, [] {});
            else
                QMetaObject::invokeMethod(
                    &m_receiver, [] {}, Qt::QueuedConnection);
        }
    }

private:
    const bool m_ours;
    const Loop m_loop;
    QObject m_receiver;
};

constexpr qint64 burst = 1000;

/// Bursts are posted, and then run outside the measurement.
Measurements postOnly(const Setting &setting)
{
    Poster poster(setting.lane);
    QThread other; // a process with one thread is spared the price of locks
    other.start();
    std::chrono::nanoseconds spent{};
    std::chrono::nanoseconds shortest = std::chrono::hours(1);
    qint64 posted = 0;
    quint64 allocated = 0;
    const Stopwatch whole;
    for (int round = 0; round < 10 || whole.wall() < setting.budget; ++round) {
        const auto before = allocationsOfThread();
        const Stopwatch stopwatch;
        poster(burst);
        const std::chrono::nanoseconds wall = stopwatch.wall();
        const auto after = allocationsOfThread();
        QCoreApplication::processEvents();
        if (round < 5)
            continue; // warm
        spent += wall;
        shortest = std::min(shortest, wall);
        posted += burst;
        allocated += before && after ? quint64(*after - *before) : 0;
    }
    other.quit();
    other.wait();
    return {{u"postNs"_s, double(spent.count()) / double(posted)},
            {u"postBestNs"_s, double(shortest.count()) / double(burst)},
            {u"postAllocations"_s, double(allocated) / double(posted)}};
}

Measurements postAndRun(const Setting &setting)
{
    if (setting.operations) {
        return measureOperations(setting, [poster = std::make_shared<Poster>(setting.lane)](qint64 count) {
            (*poster)(count);
            QCoreApplication::processEvents();
        });
    }
    Measurements result = postOnly(setting);
    Poster poster(setting.lane);
    result.insert(measureOperations(setting, [&](qint64 count) {
        for (qint64 left = count; left > 0; left -= burst) {
            poster(std::min(left, burst));
            QCoreApplication::processEvents();
        }
    }));
    return result;
}

/// Threads that post so many tasks each whenever they are told to.
class Producers
{
    using Clock = std::chrono::steady_clock;

public:
    Producers(int count, Poster &poster) : m_start(count + 1), m_end(count + 1)
    {
        for (int i = 0; i < count; ++i)
            m_threads.emplace_back([this, &poster] { work(poster); });
    }
    ~Producers()
    {
        m_each = 0;
        m_start.arriveAndWait();
        for (std::thread &thread : m_threads)
            thread.join();
    }

    /// From the first post to the last one.
    std::chrono::nanoseconds run(qint64 each)
    {
        m_each = each;
        m_first = Clock::time_point::max();
        m_last = Clock::time_point::min();
        m_start.arriveAndWait();
        m_end.arriveAndWait();
        return m_last - m_first;
    }

private:
    void work(Poster &poster)
    {
        for (m_start.arriveAndWait(); m_each > 0; m_start.arriveAndWait()) {
            const Clock::time_point first = Clock::now();
            poster(m_each);
            const Clock::time_point last = Clock::now();
            {
                const std::lock_guard lock(m_mutex);
                m_first = std::min(m_first, first);
                m_last = std::max(m_last, last);
            }
            m_end.arriveAndWait();
        }
    }

    qint64 m_each = 0;
    std::mutex m_mutex;
    Clock::time_point m_first;
    Clock::time_point m_last;
    Barrier m_start;
    Barrier m_end;
    std::vector<std::thread> m_threads;
};

/// So many threads post at once; what they posted is run afterwards, so that only the ingress is measured.
Measurements producers(const Setting &setting)
{
    constexpr qint64 each = 5000;
    Poster poster(setting.lane);
    Producers threads(setting.size, poster);
    std::chrono::nanoseconds shortest = std::chrono::hours(1);
    const Stopwatch whole;
    for (int round = 0; round < 10 || whole.wall() < setting.budget; ++round) {
        shortest = std::min(shortest, threads.run(each));
        QCoreApplication::processEvents();
    }
    return {{u"postBestNs"_s, double(shortest.count()) / double(each * setting.size)}};
}

Measurements setAndClear(const Setting &setting)
{
    QTimer timer;
    timer.setSingleShot(true);
    timer.setTimerType(Qt::PreciseTimer);
    return measureOperations(setting, [&, ours = isOurs(setting.lane)](qint64 count) {
        for (qint64 i = 0; i < count; ++i) {
            if (ours) {
                clearTimeout(setTimeout(std::chrono::seconds(1), [] {}));
            } else {
                timer.start(1000);
                timer.stop();
            }
        }
    });
}

const RegisterScenario taskPost({.name = "tasks/post",
                                 .measure = postAndRun,
                                 .sizes = {1},
                                 .instructions = true,
                                 .countedOperations = 20'000});
const RegisterScenario taskProducers({.name = "tasks/producers", .measure = producers, .sizes = {1, 10}});
const RegisterScenario timeoutSetAndClear({.name = "timeouts/set-and-clear",
                                           .measure = setAndClear,
                                           .sizes = {1},
                                           .instructions = true,
                                           .countedOperations = 20'000});

} // namespace

} // namespace Flywheel::Bench
