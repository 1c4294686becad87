// SPDX-License-Identifier: MIT
// What the metrics cost: the same work in one process, alternately with them and without.
#include "descriptors.h"
#include "scenario.h"
#include "stopwatch.h"
#include "threadhop.h"
#include "turns.h"

#include <flywheel/eventdispatcher.h>

#include <QtCore/qeventloop.h>
#include <QtCore/qsocketnotifier.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <memory>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

using Run = std::function<void(qint64)>;

constexpr int blocks = 40;

/// The shortest of many short blocks of each kind: what others do on the machine only makes blocks longer.
Measurements compare(const Setting &setting, const std::vector<EventDispatcher *> &loops, const Run &run)
{
    const auto switchTo = [&](bool on) {
        for (EventDispatcher *loop : loops)
            loop->setMetricsEnabled(on);
    };
    const auto timed = [&](qint64 operations) {
        const Stopwatch stopwatch;
        run(operations);
        return double(stopwatch.wall().count()) / double(operations);
    };
    switchTo(true);
    qint64 operations = 64;
    while (timed(operations) * double(operations) <
           double(std::chrono::nanoseconds(setting.budget).count()) / (2 * blocks))
        operations *= 2;
    double on = std::numeric_limits<double>::max();
    double off = on;
    for (int block = 0; block < blocks; ++block) {
        switchTo(true);
        on = std::min(on, timed(operations));
        switchTo(false);
        off = std::min(off, timed(operations));
    }
    return {{u"onNs"_s, on}, {u"offNs"_s, off}, {u"costNs"_s, on - off}, {u"costShare"_s, (on - off) / off}};
}

/// A byte that goes from one end of a socket to the other and back, each hop a wait of the loop.
class SocketHop
{
public:
    SocketHop()
    {
        const auto ends = socketPair();
        m_ends = {ends.first, ends.second};
        for (std::size_t i = 0; i < 2; ++i) {
            m_notifiers[i] = std::make_unique<QSocketNotifier>(m_ends[i], QSocketNotifier::Read);
            QObject::connect(m_notifiers[i].get(), &QSocketNotifier::activated, &m_loop,
                             [this, i] { pass(i); });
        }
    }
    void run(qint64 hops)
    {
        m_left = hops;
        writeByte(m_ends[1]);
        m_loop.exec();
    }

private:
    void pass(std::size_t end)
    {
        readByte(m_ends[end]);
        if (--m_left > 0)
            writeByte(m_ends[end]);
        else
            m_loop.quit();
    }

    std::array<int, 2> m_ends{};
    std::array<std::unique_ptr<QSocketNotifier>, 2> m_notifiers;
    QEventLoop m_loop;
    qint64 m_left = 0;
};

template <typename Work>
Measurements costOf(const Setting &setting)
{
    Work work;
    return compare(setting, {EventDispatcher::of()}, [&](qint64 count) { work.run(count); });
}

Measurements costOfThreadHop(const Setting &setting)
{
    Hopper hop(setting.lane);
    return compare(setting, {EventDispatcher::of(), EventDispatcher::of(&hop.thread())},
                   [&](qint64 count) { hop.run(count); });
}

const RegisterScenario
    turnCost({.name = "metrics/turn", .measure = costOf<Turner>, .sizes = {1}, .lanes = {Lane::Flywheel}});
const RegisterScenario zeroTimerCost(
    {.name = "metrics/zero-timer", .measure = costOf<ZeroTimer>, .sizes = {1}, .lanes = {Lane::Flywheel}});
const RegisterScenario socketHopCost(
    {.name = "metrics/socket-hop", .measure = costOf<SocketHop>, .sizes = {1}, .lanes = {Lane::Flywheel}});
const RegisterScenario threadHopCost(
    {.name = "metrics/thread-hop", .measure = costOfThreadHop, .sizes = {2}, .lanes = {Lane::Flywheel}});

} // namespace

} // namespace Flywheel::Bench
