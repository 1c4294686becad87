// SPDX-License-Identifier: MIT
// What a dispatcher itself keeps for a timer and for a notifier. QObject's own lists are left out by talking
// to the dispatcher directly.
#include "descriptors.h"
#include "heap.h"
#include "scenario.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qsocketnotifier.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

template <typename Fill, typename Empty>
Measurements bytesFor(int count, Fill fill, Empty empty)
{
    QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    // What the first pass allocates for itself is not the price of a timer.
    QCoreApplication::processEvents();
    const auto before = liveBytes();
    fill(dispatcher);
    QCoreApplication::processEvents();
    const auto after = liveBytes();
    empty(dispatcher);
    if (!before || !after)
        return {};
    return {{u"liveBytes"_s, (double(*after) - double(*before)) / count}};
}

Measurements timerMemory(const Setting &setting)
{
    QObject receiver;
    const auto fill = [&](QAbstractEventDispatcher *dispatcher) {
        for (int id = 1; id <= setting.size; ++id)
            dispatcher->registerTimer(id, 10'000 + id % 10'000, Qt::CoarseTimer, &receiver);
    };
    const auto empty = [&](QAbstractEventDispatcher *dispatcher) { dispatcher->unregisterTimers(&receiver); };
    return bytesFor(setting.size, fill, empty);
}

Measurements notifierMemory(const Setting &setting)
{
    std::vector<std::unique_ptr<QSocketNotifier>> notifiers;
    for (const int descriptor : idleSockets(setting.size)) {
        notifiers.push_back(std::make_unique<QSocketNotifier>(QSocketNotifier::Read));
        notifiers.back()->setSocket(descriptor);
    }
    const auto fill = [&](QAbstractEventDispatcher *dispatcher) {
        for (const auto &notifier : notifiers)
            dispatcher->registerSocketNotifier(notifier.get());
    };
    const auto empty = [&](QAbstractEventDispatcher *dispatcher) {
        for (const auto &notifier : notifiers)
            dispatcher->unregisterSocketNotifier(notifier.get());
    };
    return bytesFor(setting.size, fill, empty);
}

const RegisterScenario
    timerBytes({.name = "memory/timer", .measure = timerMemory, .sizes = {1'000, 10'000, 100'000}});
const RegisterScenario notifierBytes(
    {.name = "memory/notifier", .measure = notifierMemory, .sizes = {1'000, 9'000}, .lanes = pollerLanes()});

} // namespace

} // namespace Flywheel::Bench
