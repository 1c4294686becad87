// SPDX-License-Identifier: MIT
// Socket notifiers: a hop through a socket pair beside idle notifiers, and registering many.
#include "changetimer.h"
#include "descriptors.h"
#include "scenario.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qsocketnotifier.h>

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

Measurements hop(const Setting &setting)
{
    const auto idle = idleSockets(setting.size);
    const Notifiers notifiers = notifiersFor(idle);
    HopCounter counter;
    return measureOperations(setting, [&](qint64 count) { counter.run(count); });
}

Measurements registration(const Setting &setting)
{
    const auto descriptors = idleSockets(setting.size);
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
                                  .lanes = dispatcherAndHostingLanes(),
                                  .systemCalls = Trace::MainThread,
                                  .instructions = true,
                                  .largestCounted = 1'000});
const RegisterScenario
    socketRegistration({.name = "sockets/registration", .measure = registration, .sizes = {100, 9'000}});

} // namespace

} // namespace Flywheel::Bench
