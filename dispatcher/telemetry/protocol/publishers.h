// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <vector>

/// For programs that watch: who can be watched.
namespace Flywheel::Telemetry {

struct Publisher
{
    qint64 processId = 0;
    QString socketPath;  ///< for QLocalSocket::connectToServer()
    QString programName; ///< name of its executable file, without .exe; empty if the system does not tell
    bool operator==(const Publisher &) const = default;
};

/// The processes of this user that publish, ascending by process id. Looks at files only, so that it may be
/// called every second; that one is listed does not promise that it still answers. Sockets of processes that
/// have died are left out. Empty if the directory belongs to somebody else.
std::vector<Publisher> publishers();

/// Whether there is such a process here; also true where that can't be told.
bool processExists(qint64 processId);

} // namespace Flywheel::Telemetry
