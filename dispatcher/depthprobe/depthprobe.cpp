// SPDX-License-Identifier: MIT
// The exact number of posted events in a thread's queue. Qt exports no such count, so this module
// reads Qt's private structures, and is only used with the very version of Qt that it was built for
// (depthprobeloader.cpp).
#include "depthprobe/depthprobe.h"

#include <QtCore/private/qthread_p.h>

#include <algorithm>

extern "C" Q_DECL_EXPORT const char *flywheelProbeQtVersion()
{
    return QT_VERSION_STR;
}

extern "C" Q_DECL_EXPORT void *flywheelProbePostedQueue()
{
    return &QThreadData::get2(QThread::currentThread())->postEventList;
}

extern "C" Q_DECL_EXPORT std::uint64_t flywheelProbePostedDepth(void *queue)
{
    QPostEventList &events = *static_cast<QPostEventList *>(queue);
    const QMutexLocker lock(&events.mutex);
    // An event that was removed or sent ahead leaves its place behind, empty. A deletion waits for its loop
    // to return, which may be never: that is no backlog.
    const auto isQueued = [](const QPostEvent &place) {
        return place.event && place.event->type() != QEvent::DeferredDelete;
    };
    return static_cast<std::uint64_t>(
        std::count_if(events.cbegin() + events.startOffset, events.cend(), isQueued));
}
