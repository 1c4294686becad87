// SPDX-License-Identifier: MIT
// Hears of each event before Qt delivers it, and never delivers one. Qt gives a dispatcher only the whole
// batch of posted events, and the loop of another dispatcher says nothing at all; QInternal, though private
// in spirit, is public and exported.
//
// Nobody tells when a delivery ends. The words that Qt passes to the hook lie in the frame of the delivery,
// so their place on the stack shows which deliveries are over (StackMark).
#include "hooks/eventhook.h"

#include "hooks/loopobserver.h"
#include "hooks/receiver.h"
#include "loop/loopcore.h"

#include <QtCore/qcoreevent.h>
#include <QtCore/qnamespace.h>
#include <QtCore/qthread.h>

namespace Flywheel {

namespace {

std::atomic<bool> s_attributes{true};

/// What Qt tells of a delivery: it has not begun, so the receiver lives.
struct Delivery
{
    explicit Delivery(void **data)
        : words(data)
        , receiver(*static_cast<const QObject *>(data[0]))
        , event(*static_cast<const QEvent *>(data[1]))
    {
    }

    void **const words;
    const QObject &receiver;
    const QEvent &event;
};

void begin(LoopRecorder &recorder, HandlerKind kind, const Delivery &delivery)
{
    const Receiver receiver(delivery.receiver, delivery.event.type());
    recorder.beginUntold(kind, receiver.subject(), StackMark(delivery.words));
}

/// Our own loop sends posted events in batches and delivers the rest by itself.
void hearInOwnLoop(LoopRecorder &recorder, const Delivery &delivery)
{
    if (!recorder.isOfBatch(delivery.words))
        return;
    if (s_attributes.load(std::memory_order_relaxed))
        begin(recorder, HandlerKind::PostedEvent, delivery);
    else
        recorder.countUntimed(HandlerKind::PostedEvent);
}

HandlerKind kindOf(const QEvent &event)
{
    if (event.spontaneous())
        return HandlerKind::WindowEvent;
    if (event.type() == QEvent::Timer)
        return HandlerKind::Timer;
    return event.type() == QEvent::SockAct ? HandlerKind::Notifier : HandlerKind::PostedEvent;
}

void hearInHost(LoopRecorder &recorder, const Delivery &delivery)
{
    recorder.endOver(delivery.words);
    if (recorder.isInHandler())
        return;
    // A host's timers and notifiers are our own alarm and bridge, which only end its wait.
    const HandlerKind kind = kindOf(delivery.event);
    if (kind == HandlerKind::PostedEvent || kind == HandlerKind::WindowEvent)
        begin(recorder, kind, delivery);
}

void hearInObserved(LoopRecorder &recorder, const Delivery &delivery)
{
    recorder.leave(delivery.words, QThread::currentThread()->loopLevel());
    if (!recorder.isInPass() || recorder.isInHandler())
        return;
    const HandlerKind kind = kindOf(delivery.event);
    if (!recorder.passKind().ledByHand) {
        begin(recorder, kind, delivery);
    } else if (kind != HandlerKind::PostedEvent) { // the program may send those itself, the pass being over
        recorder.extendPass();
        begin(recorder, kind, delivery);
    }
}

/// \a data: receiver, event, and where a result would go. False: Qt is to deliver the event.
bool onEvent(void **data)
{
    LoopCore *const core = LoopCore::current();
    if (!core) {
        LoopObserver::lookAtThread();
        return false;
    }
    core->endForeignWait();
    LoopRecorder *const recorder = core->recording();
    if (!recorder)
        return false;
    if (core->mode() == Mode::Owner)
        hearInOwnLoop(*recorder, Delivery(data));
    else if (!StackRange::ofThisThread().contains(data))
        return false; // a coroutine: its place tells nothing
    else if (core->mode() == Mode::Hosted)
        hearInHost(*recorder, Delivery(data));
    else
        hearInObserved(*recorder, Delivery(data));
    return false;
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
