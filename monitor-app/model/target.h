// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Session;

/// Returns one line for people that says why the program \a pidOrName cannot be watched in \a session, and
/// what to do. Returns an empty string if it can be watched. Call Session::startDiscovery() first. The
/// function looks through all processes of the machine, so do not call it often.
QString unwatchable(const Session &session, const QString &pidOrName);

} // namespace Flywheel::Monitor
