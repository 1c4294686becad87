// SPDX-License-Identifier: MIT
// The notifier functions of QAbstractEventDispatcher: checks as strict as Qt's, then the table.
#include "core/eventdispatcher_p.h"

#include "core/threadcheck.h"

#include <QtCore/qlogging.h>
#include <QtCore/qsocketnotifier.h>

#include <utility>

namespace Flywheel {

namespace {

/// Descriptors are ints everywhere inside; those of Windows, of type qintptr, fit as well.
bool isUsable(const QSocketNotifier *notifier)
{
    return notifier && notifier->socket() >= 0 && std::in_range<int>(notifier->socket());
}

} // namespace

void EventDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    if (!isUsable(notifier)) {
        qWarning("QSocketNotifier: Invalid socket specified");
        return;
    }
    if (!isInThreadOf(this, notifier)) {
        qWarning("QSocketNotifier: socket notifiers cannot be enabled from another thread");
        return;
    }
    d->noteOwner(notifier);
    d->pass().addNotifier(notifier);
}

void EventDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    if (!isUsable(notifier))
        return;
    if (!isInThreadOf(this, notifier)) {
        qWarning("QSocketNotifier: socket notifier (fd %lld) cannot be disabled from another thread",
                 static_cast<long long>(notifier->socket()));
        return;
    }
    d->pass().removeNotifier(notifier);
}

} // namespace Flywheel
