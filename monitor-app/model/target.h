// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Session;

/// Why the program that \a pidOrName calls can't be watched in \a session, as one line for people that says
/// what to do; empty if it can be, or is. Session::startDiscovery() must have been called. Looks through the
/// processes of the machine where the system shows them, so it is nothing to call all the time.
QString unwatchable(const Session &session, const QString &pidOrName);

} // namespace Flywheel::Monitor
