// SPDX-License-Identifier: MIT
// The notifier functions of QAbstractEventDispatcher: checks as strict as Qt's, then the table.
#include "eventdispatcher_p.h"

#include <QtCore/qlogging.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>

namespace Flywheel {

namespace {

bool belongsHere(const QAbstractEventDispatcher *dispatcher, const QSocketNotifier *notifier)
{
    QThread *const current = QThread::currentThread();
    return dispatcher->thread() == current && notifier->thread() == current;
}

} // namespace

void EventDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    if (!notifier || notifier->socket() < 0) {
        qWarning("QSocketNotifier: Invalid socket specified");
        return;
    }
    if (!belongsHere(this, notifier)) {
        qWarning("QSocketNotifier: socket notifiers cannot be enabled from another thread");
        return;
    }
    d->notifiers.insert(notifier);
    if (d->hosted)
        d->hosted->interestChanged();
}

void EventDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    if (!notifier || notifier->socket() < 0)
        return;
    if (!belongsHere(this, notifier)) {
        qWarning("QSocketNotifier: socket notifier (fd %lld) cannot be disabled from another thread",
                 static_cast<long long>(notifier->socket()));
        return;
    }
    d->notifiers.remove(notifier);
}

} // namespace Flywheel
