// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qthread.h>

namespace Flywheel {

/// True if the calling thread is the one of \a dispatcher and of \a object; \a object may be null.
///
/// Qt's dispatchers check this in debug builds only. Flywheel always checks, because a call in the wrong
/// thread would corrupt the loop's tables.
inline bool isInThreadOf(const QObject *dispatcher, const QObject *object)
{
    const QThread *const current = QThread::currentThread();
    return dispatcher->thread() == current && (!object || object->thread() == current);
}

} // namespace Flywheel
