// SPDX-License-Identifier: MIT
#include "core/leftovers.h"

#include "core/eventdispatcher_p.h"

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

namespace Flywheel {

namespace {

struct Kept
{
    QPointer<QThread> thread;
    Leftovers leftovers;
};

std::mutex s_mutex;

/// Never deleted: threads may end after static objects.
std::vector<Kept> &kept()
{
    static auto *const s_kept = new std::vector<Kept>;
    return *s_kept;
}

} // namespace

void LiveObjects::note(QObject *object) noexcept
try {
    if (m_objects.empty())
        m_objects.reserve(2 * Few); // so that the first ones are not hashed again and again
    QPointer<QObject> &noted = m_objects[object];
    if (!noted)
        noted = object; // new, or where a deleted one was
    if (m_objects.size() > m_most)
        forgetDeleted();
} catch (const std::bad_alloc &) {
    return; // it stays dead if the thread runs again, as with Qt
}

void LiveObjects::forgetDeleted()
{
    std::erase_if(m_objects, [](const auto &entry) { return entry.second.isNull(); });
    m_most = std::max(Few, 2 * m_objects.size());
}

QPointer<QObject> LiveObjects::find(const QObject *object) const
{
    const auto found = m_objects.find(object);
    return found == m_objects.end() ? QPointer<QObject>() : found->second;
}

void keepLeftovers(QThread *thread, Leftovers &&leftovers)
{
    const std::lock_guard lock(s_mutex);
    std::erase_if(kept(), [thread](const Kept &each) { return !each.thread || each.thread == thread; });
    if (!leftovers.isEmpty())
        kept().push_back({thread, std::move(leftovers)});
}

Leftovers takeLeftovers(QThread *thread)
{
    const std::lock_guard lock(s_mutex);
    const auto found =
        std::ranges::find_if(kept(), [thread](const Kept &each) { return each.thread == thread; });
    if (found == kept().end())
        return {};
    Leftovers leftovers = std::move(found->leftovers);
    kept().erase(found);
    return leftovers;
}

void EventDispatcherPrivate::keepForNextRun(QThread *thread)
{
    if (!m_notesOwners)
        return;
    Leftovers leftovers;
    m_owners.visit([&](const QObject *object, const QPointer<QObject> &pointer) {
        for (const TimerQueue::Info &timer : steps.timers.timersOf(object))
            leftovers.timers.push_back({pointer, timer.id, timer.interval, timer.type});
    });
    for (const QSocketNotifier *const notifier : steps.notifiers.all()) {
        if (const QPointer<QObject> pointer = m_owners.find(notifier))
            leftovers.notifiers.push_back(pointer);
    }
    keepLeftovers(thread, std::move(leftovers));
}

void EventDispatcherPrivate::resumeLastRun(EventDispatcher *q)
{
    if (!m_notesOwners)
        return;
    QThread *const thread = q->thread();
    const auto isHere = [thread](const QObject *object) { return object && object->thread() == thread; };
    const Leftovers leftovers = takeLeftovers(thread);
    for (const Leftovers::Timer &timer : leftovers.timers) {
        // Stopped from another thread, with a warning of Qt's, it knows its id no more.
        const auto *const qtTimer = qobject_cast<const QTimer *>(timer.object.data());
        if (isHere(timer.object) && (!qtTimer || qtTimer->timerId() == timer.id))
            startTimer(timer.id, timer.interval, timer.type, timer.object);
    }
    for (const QPointer<QObject> &object : leftovers.notifiers) {
        auto *const notifier = qobject_cast<QSocketNotifier *>(object.data());
        if (isHere(notifier) && notifier->isEnabled())
            q->registerSocketNotifier(notifier);
    }
}

} // namespace Flywheel
