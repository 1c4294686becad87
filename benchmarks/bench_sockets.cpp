// SPDX-License-Identifier: MIT
// Socket notifiers: a hop through a socket pair beside idle notifiers, and registering many.
#include "descriptors.h"
#include "scenario.h"
#include "stopwatch.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qsocketnotifier.h>

#include <sys/epoll.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

using Notifiers = std::vector<std::unique_ptr<QSocketNotifier>>;

Notifiers notifiersFor(const std::vector<int> &descriptors)
{
    Notifiers notifiers;
    for (const int descriptor : descriptors)
        notifiers.push_back(std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read));
    return notifiers;
}

/// Each activation reads the byte and sends the next, until enough have come.
class HopCounter : public QObject
{
public:
    HopCounter() : m_ends(socketPair()), m_notifier(m_ends.first, QSocketNotifier::Read)
    {
        connect(&m_notifier, &QSocketNotifier::activated, this, &HopCounter::hop);
    }

    void run(qint64 hops)
    {
        m_left = hops;
        writeByte(m_ends.second);
        m_loop.exec();
    }

private:
    void hop()
    {
        readByte(m_ends.first);
        if (--m_left > 0)
            writeByte(m_ends.second);
        else
            m_loop.quit();
    }

    std::pair<int, int> m_ends;
    QSocketNotifier m_notifier;
    QEventLoop m_loop;
    qint64 m_left = 0;
};

void bareHops(int epoll, std::pair<int, int> ends, qint64 hops)
{
    epoll_event event;
    for (qint64 i = 0; i < hops; ++i) {
        writeByte(ends.second);
        must(epoll_wait(epoll, &event, 1, -1), "epoll_wait");
        readByte(event.data.fd);
    }
}

Measurements hop(const Setting &setting)
{
    const auto idle = idleSockets(setting.size);
    if (setting.lane == Lane::Limit) {
        const auto ends = socketPair();
        const int epoll = epollOf(ends.first, idle);
        return measureOperations(setting, [&](qint64 count) { bareHops(epoll, ends, count); });
    }
    const Notifiers notifiers = notifiersFor(idle);
    HopCounter counter;
    return measureOperations(setting, [&](qint64 count) { counter.run(count); });
}

/// CPU time spent on changes, and the same together with the passes that followed them: that is where a
/// dispatcher applies what it has put off.
class ChangeTimer
{
public:
    template <typename Items, typename Change>
    void time(const Items &items, Change change)
    {
        const Stopwatch stopwatch;
        for (const auto &item : items)
            change(item);
        m_calls += stopwatch.cpu();
        QCoreApplication::processEvents();
        m_applied += stopwatch.cpu();
        m_changes += double(items.size());
    }

    void report(const QString &name, Measurements &result) const
    {
        result[name + "Ns"_L1] = double(m_calls.count()) / m_changes;
        result[name + "AppliedNs"_L1] = double(m_applied.count()) / m_changes;
    }

private:
    std::chrono::nanoseconds m_calls{0};
    std::chrono::nanoseconds m_applied{0};
    double m_changes = 0;
};

template <typename Items, typename Add, typename Remove>
Measurements timeRounds(const Setting &setting, const Items &items, Add add, Remove remove)
{
    ChangeTimer{}.time(items, add);
    ChangeTimer{}.time(items, remove);
    ChangeTimer registering, unregistering;
    const Stopwatch whole;
    do {
        registering.time(items, add);
        unregistering.time(items, remove);
    } while (whole.wall() < setting.budget);
    Measurements result;
    registering.report(u"register"_s, result);
    unregistering.report(u"unregister"_s, result);
    return result;
}

Measurements bareRegistration(const Setting &setting, const std::vector<int> &descriptors)
{
    const int epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    const auto control = [epoll](int operation, int descriptor) {
        epoll_event event = {};
        event.events = EPOLLIN;
        event.data.fd = descriptor;
        must(epoll_ctl(epoll, operation, descriptor, &event), "epoll_ctl");
    };
    return timeRounds(
        setting, descriptors, [&](int descriptor) { control(EPOLL_CTL_ADD, descriptor); },
        [&](int descriptor) { control(EPOLL_CTL_DEL, descriptor); });
}

Measurements registration(const Setting &setting)
{
    const auto descriptors = idleSockets(setting.size);
    if (setting.lane == Lane::Limit)
        return bareRegistration(setting, descriptors);
    const Notifiers notifiers = notifiersFor(descriptors);
    for (const auto &notifier : notifiers)
        notifier->setEnabled(false);
    return timeRounds(
        setting, notifiers, [](const auto &notifier) { notifier->setEnabled(true); },
        [](const auto &notifier) { notifier->setEnabled(false); });
}

const RegisterScenario socketHop({.name = "sockets/hop",
                                  .measure = hop,
                                  .sizes = {0, 100, 1'000, 9'000},
                                  .lanes = allLanes(),
                                  .systemCalls = Trace::MainThread,
                                  .instructions = true,
                                  .largestCounted = 1'000});
const RegisterScenario socketRegistration({.name = "sockets/registration",
                                           .measure = registration,
                                           .sizes = {100, 9'000},
                                           .lanes = consoleLanes()});

} // namespace

} // namespace Flywheel::Bench
