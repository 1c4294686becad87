// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

/// The directory in which the publishers of one user listen: who may be in it, and what is left over in it.
/// Its place and the names in it are part of the protocol (docs/telemetry-protocol.md).
namespace Flywheel::Telemetry {

/// $XDG_RUNTIME_DIR/flywheel, or /tmp/flywheel-<uid> without one. It need not exist. On Windows the beginning
/// of the names of pipes, which are no files.
QString socketDirectory();

/// Where the socket of that name is.
QString socketPath(const QString &directory, const QString &name);

/// Makes \a path a directory that only this user may enter, and makes sure that nobody else can put another
/// one in its place. Empty if that is so, otherwise why it is not.
QString secureDirectory(const QString &path);

/// The same without making it: whether what \a path is, or the lack of it, can be trusted.
QString insecurity(const QString &path);

/// Empty, or that a socket of that name could not be reached for the length of its path.
QString lengthProblem(const QString &directory, const QString &name);

/// Whether watchers can find it there.
bool isPublished(const QString &path);

/// Whether a process accepts connections there. It has to look at this one, so ask only where need be.
bool isListening(const QString &path);

/// The process id in a name made by freeSocketName(); 0 if it is not one.
qint64 processIdOf(const QString &socketName);

/// A name for a socket of \a processId in \a directory; empty if living processes have all of them. What is
/// left over under that name from a dead process is removed.
QString freeSocketName(const QString &directory, qint64 processId);

/// The sockets in \a directory that have names of publishers.
QStringList socketsIn(const QString &directory);

/// Whether one of them has a living publisher, as far as its process id tells: where no process here has that
/// id, the publisher may still be one of another container, and is asked.
bool seemsAlive(const QString &path);

/// Removes those that are not alive. Files of other kinds stay.
void removeStaleSockets(const QString &directory);

/// The name of a process's executable file, without .exe; empty if the system does not tell.
QString programNameOf(qint64 processId);

} // namespace Flywheel::Telemetry
