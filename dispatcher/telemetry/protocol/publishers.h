// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <vector>

/// For watchers: the programs that can be watched.
namespace Flywheel::Telemetry {

struct Publisher
{
    qint64 processId = 0;
    QString socketPath;  ///< for QLocalSocket::connectToServer()
    QString programName; ///< name of its executable file, without .exe; empty if it is not known
    bool operator==(const Publisher &) const = default;
};

/// Returns the processes of this user that publish, ascending by process id, without processes that have
/// died. Looks at files only, so you may call it every second, but a listed process may no longer answer.
/// Returns an empty list if the directory belongs to another user.
std::vector<Publisher> publishers();

/// Removes the journals of processes that have died, except the last ones (docs/metrics.md). For a watcher
/// that starts.
void removeLeftovers();

/// True if there is such a process here, or if the system does not tell.
bool processExists(qint64 processId);

} // namespace Flywheel::Telemetry
