// SPDX-License-Identifier: MIT
#include "hooks/loopobserver.h"

#include "base/clock.h"
#include "base/internalthread.h"
#include "loop/metricswitch.h"

#include <flywheel/eventdispatcher.h>

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qthread.h>
#include <QtCore/qvariant.h>

#include <algorithm>
#include <mutex>
#include <vector>

namespace Flywheel {

namespace {

bool isObserved(const QAbstractEventDispatcher &dispatcher)
{
    return std::ranges::any_of(dispatcher.children(), [](const QObject *child) {
        return dynamic_cast<const LoopObserver *>(child) != nullptr;
    });
}

/// Who posts to the loop wakes it through its own dispatcher.
class NoWaker final : public LoopWaker
{
    bool isAsleep() const override { return false; }
    bool wake() override { return false; }
} s_noWaker;

/// All observers, so that other threads can end them. Never destroyed: threads may outlive static objects.
struct Observers
{
    std::mutex mutex;
    std::vector<LoopObserver *> all;
    Options optionsOfFound;
};

Observers &observers()
{
    static Observers *const s_observers = new Observers;
    return *s_observers;
}

} // namespace

std::atomic<bool> LoopObserver::s_attachesToAll{false};

void LoopObserver::attachToAll(const Options &options)
{
    const std::lock_guard lock(observers().mutex);
    observers().optionsOfFound = options;
    s_attachesToAll.store(true, std::memory_order_release);
}

void LoopObserver::detachFromAll()
{
    const std::lock_guard lock(observers().mutex);
    s_attachesToAll.store(false, std::memory_order_release);
    for (LoopObserver *const observer : observers().all)
        observer->deleteLater();
}

/// Making an observer sends events itself.
void LoopObserver::attachIfFound()
{
    static thread_local bool t_isAttaching = false;
    if (t_isAttaching || !QAbstractEventDispatcher::instance() ||
        QThread::currentThread()->property(InternalThreadProperty).toBool())
        return;
    t_isAttaching = true;
    Options options;
    {
        const std::lock_guard lock(observers().mutex);
        options = observers().optionsOfFound;
    }
    attach(options);
    if (!s_attachesToAll.load(std::memory_order_acquire))
        detachFromAll(); // which was called meanwhile, and did not know of this one
    t_isAttaching = false;
}

bool LoopObserver::attach(const Options &options)
{
    QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    if (!dispatcher || qobject_cast<EventDispatcher *>(dispatcher) || isObserved(*dispatcher))
        return false;
    new LoopObserver(*dispatcher, options); // the dispatcher's child
    return true;
}

LoopObserver::LoopObserver(QAbstractEventDispatcher &dispatcher, const Options &options)
    : QObject(&dispatcher)
    , m_core(std::make_shared<LoopCore>(s_noWaker, Poller::Auto, steadyNow))
    , m_isGlib(dispatcher.inherits("QEventDispatcherGlib"))
{
    m_core->setMode(Mode::Observed);
    m_core->setStallThreshold(options.stallThreshold);
    m_core->setRecentHandlers(options.recentHandlers);
    m_core->setMetricsEnabled(recordsFromTheStart(options));
    m_core->tasks.close(); // nobody would run them
    m_core->enter(thread());
    connect(&dispatcher, &QAbstractEventDispatcher::awake, this, &LoopObserver::onAwake);
    connect(&dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &LoopObserver::onAboutToBlock);
    const std::lock_guard lock(observers().mutex);
    observers().all.push_back(this);
}

LoopObserver::~LoopObserver()
{
    {
        const std::lock_guard lock(observers().mutex);
        std::erase(observers().all, this);
    }
    // Nobody told the end of the pass that ended the loop, nor of its last handler: they count, their time
    // does not.
    if (LoopRecorder *const recorder = m_core->recording()) {
        while (recorder->isInPass())
            recorder->abandonPass();
    }
    m_core->close();
}

/// An exec() of its own has a level of its own; at the level of what surrounds it, the pass is one that the
/// program runs by hand.
void LoopObserver::beginPass(LoopRecorder &recorder, bool followsOn, bool endIsTold)
{
    LoopRecorder::PassKind kind;
    kind.level = QThread::currentThread()->loopLevel();
    kind.ledByHand = !endIsTold && kind.level <= recorder.passKind().level;
    kind.endIsTold = endIsTold;
    recorder.beginPass(followsOn && !kind.ledByHand, kind);
}

void LoopObserver::onAwake()
{
    m_core->endForeignWait();
    LoopRecorder *const recorder = m_core->beginRecording();
    if (!recorder)
        return;
    const char here = 0;
    recorder->leave(&here, QThread::currentThread()->loopLevel());
    bool followsOn = false;
    if (recorder->isInPass() && !recorder->isInHandler()) {
        const LoopRecorder::PassKind former = recorder->passKind();
        if (former.endIsTold) {
            recorder->readClock();
            recorder->endPass(false);
            return;
        }
        if (former.ledByHand)
            recorder->abandonPass();
        else
            recorder->endPass(followsOn = true);
    }
    beginPass(*recorder, followsOn, false);
}

void LoopObserver::onAboutToBlock()
{
    LoopRecorder *const recorder = m_core->beginRecording();
    if (!recorder)
        return;
    const char here = 0;
    recorder->leave(&here, QThread::currentThread()->loopLevel());
    if (m_isGlib && recorder->isInPass() && !recorder->isInHandler())
        recorder->abandonPass();
    if (!recorder->isInPass() || recorder->isInHandler())
        beginPass(*recorder, false, m_isGlib);
    m_core->beginForeignWait();
}

} // namespace Flywheel
