// SPDX-License-Identifier: MIT
// Tells of each event before Qt delivers it. Qt gives a dispatcher only the whole batch of posted events, and
// the loop of another dispatcher says nothing at all; QInternal, though private in spirit, is public and
// exported.
#include "eventhook.h"

#include "loopmeter.h"
#include "notifyfunction.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qnamespace.h>

namespace Flywheel {

namespace {

std::atomic<bool> s_attributes{false};

/// This thread delivers an event by itself, and Qt is about to ask again about the same one.
thread_local bool t_delivers = false;

std::optional<HandlerKind> kindInForeignLoop(const LoopCore &core, const QEvent &event)
{
    const bool isHosted = core.mode() == Mode::Hosted;
    if (event.spontaneous())
        return notifyFunction() ? std::optional(HandlerKind::WindowEvent) : std::nullopt;
    // A host's timers and notifiers are our own alarm and bridge: they time what they deliver.
    if (event.type() == QEvent::Timer)
        return isHosted ? std::nullopt : std::optional(HandlerKind::Timer);
    if (event.type() == QEvent::SockAct)
        return isHosted ? std::nullopt : std::optional(HandlerKind::Notifier);
    return HandlerKind::PostedEvent;
}

/// As what the event is to be timed; nothing if it is not, or within another one.
std::optional<HandlerKind> kindOf(const LoopCore &core, const QEvent &event)
{
    const LoopRecorder *const recorder = core.recording();
    if (!recorder)
        return std::nullopt;
    if (core.mode() != Mode::Owner)
        return recorder->isInHandler() ? std::nullopt : kindInForeignLoop(core, event);
    const bool isPosted = recorder->isInBatch() && !event.spontaneous();
    return isPosted && s_attributes.load(std::memory_order_relaxed) ? std::optional(HandlerKind::PostedEvent)
                                                                    : std::nullopt;
}

bool deliver(LoopCore &core, HandlerKind kind, QObject *receiver, QEvent *event)
{
    const bool isSpontaneous = event->spontaneous();
    const HandlerMeter meter(core, kind, receiver, event->type());
    const NestedPasses nested(core);
    t_delivers = true;
    // Not QCoreApplication::notify(): that skips the count of nested deliveries by which Qt delays
    // deleteLater().
    return isSpontaneous ? notifyFunction()(receiver, event) : QCoreApplication::sendEvent(receiver, event);
}

/// \a data: receiver, event, where the result goes. True: the event was delivered here.
bool onEvent(void **data)
{
    if (t_delivers) {
        t_delivers = false; // what the handler sends is a handler's own business
        return false;
    }
    LoopCore *const core = LoopCore::current();
    if (!core)
        return false;
    core->endForeignWait();
    auto *const event = static_cast<QEvent *>(data[1]);
    const std::optional<HandlerKind> kind = kindOf(*core, *event);
    if (!kind)
        return false;
    *static_cast<bool *>(data[2]) = deliver(*core, *kind, static_cast<QObject *>(data[0]), event);
    return true;
}

} // namespace

bool hookEvents()
{
    static const bool s_hooked = QInternal::registerCallback(QInternal::EventNotifyCallback, onEvent);
    return s_hooked;
}

bool attributePostedEvents(bool on)
{
    s_attributes.store(on, std::memory_order_relaxed);
    return !on || hookEvents();
}

} // namespace Flywheel
