// SPDX-License-Identifier: MIT
// Socket notifiers: a hop through a socket pair beside idle notifiers, and registering many.
#include "changetimer.h"
#include "descriptors.h"
#include "hopcounter.h"
#include "scenario.h"

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

Measurements hop(const Setting &setting)
{
    const auto idle = idleSockets(setting.size);
    const Notifiers notifiers = notifiersFor(idle);
    HopCounter counter(socketPair());
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
                                  .lanes = pollerLanes(),
                                  .systemCalls = Trace::MainThread,
                                  .instructions = true,
                                  .largestCounted = 100});
const RegisterScenario socketRegistration(
    {.name = "sockets/registration", .measure = registration, .sizes = {100, 9'000}, .lanes = pollerLanes()});

} // namespace

} // namespace Flywheel::Bench
