// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

/// The directory in which the publishers of one user listen: who may enter it, and what dead processes left
/// in it. Its path and the names in it are part of the protocol (docs/telemetry-protocol.md).
namespace Flywheel::Telemetry {

/// Returns $XDG_RUNTIME_DIR/flywheel, or /tmp/flywheel-<uid> if that variable is not set. The directory need
/// not exist. On Windows, returns the common beginning of the names of pipes, which are no files.
QString socketDirectory();

/// Returns the path of the socket with that name.
QString socketPath(const QString &directory, const QString &name);

/// Makes \a path a directory that only this user may enter, and checks that nobody else can replace it.
/// Returns an empty string, or why that failed.
QString secureDirectory(const QString &path);

/// Checks the same without making the directory. Returns an empty string if \a path is secure or does not
/// exist, otherwise why it is not secure.
QString insecurity(const QString &path);

/// Returns an empty string, or that the path of a socket with that name would be too long.
QString lengthProblem(const QString &directory, const QString &name);

/// True if watchers can find a socket at \a path.
bool isPublished(const QString &path);

/// True if a process accepts connections at \a path. That process notices the question, so ask only if
/// necessary.
bool isListening(const QString &path);

/// Returns the process id in a name that freeSocketName() made, or 0 for other names.
qint64 processIdOf(const QString &socketName);

/// Returns a name for a socket of \a processId in \a directory; empty if running processes use all names.
/// Removes what a dead process left under that name.
QString freeSocketName(const QString &directory, qint64 processId);

/// Returns the sockets in \a directory that have names of publishers.
QStringList socketsIn(const QString &directory);

/// True if the publisher of a socket seems to run, judged by its process id. If no process here has that id,
/// the publisher may be in another container, so this function asks it.
bool seemsAlive(const QString &path);

/// Removes sockets whose publishers do not run. Leaves other files alone.
void removeStaleSockets(const QString &directory);

/// Returns the name of a process's executable file without .exe; empty if it is not known.
QString programNameOf(qint64 processId);

} // namespace Flywheel::Telemetry
