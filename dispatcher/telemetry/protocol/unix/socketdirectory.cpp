// SPDX-License-Identifier: MIT
#include "telemetry/protocol/socketdirectory.h"

#include "platform/uniquefd.h"
#include "platform/unix/syscalls.h"
#include "telemetry/protocol/publishers.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace Flywheel::Telemetry {

namespace {

constexpr mode_t Others = S_IRWXG | S_IRWXO;
constexpr mode_t OthersWrite = S_IWGRP | S_IWOTH;
constexpr int MaxNamesakes = 9;
/// What QLocalServer appends to the directory's path for the moment before the socket has its rights:
/// "/XXXXXX/s".
constexpr qsizetype TemporaryNameBytes = 9;

QString failed(const char *what, const QString &path, const std::error_code &error)
{
    return QStringLiteral("cannot %1 %2: %3")
        .arg(QLatin1String(what), path, QString::fromStdString(error.message()));
}

/// Who can write to the directory above can rename what is in it; unless it is sticky, as /tmp is.
QString insecurityOfParent(const QString &path)
{
    const QString parent = QFileInfo(path).absolutePath();
    struct stat status
    {
    };
    if (::stat(QFile::encodeName(parent).constData(), &status) != 0)
        return failed("look at", parent, lastError());
    if (status.st_uid != 0 && status.st_uid != ::geteuid())
        return QStringLiteral("%1 belongs to another user (%2)").arg(parent).arg(status.st_uid);
    if ((status.st_mode & OthersWrite) && !(status.st_mode & S_ISVTX))
        return QStringLiteral("others may rename what is in %1").arg(parent);
    return {};
}

QString insecurityOf(const QString &path, const struct stat &status)
{
    if (!S_ISDIR(status.st_mode))
        return QStringLiteral("%1 is not a directory").arg(path);
    if (status.st_uid != ::geteuid())
        return QStringLiteral("%1 belongs to another user (%2)").arg(path).arg(status.st_uid);
    if (status.st_mode & Others)
        return QStringLiteral("others may enter %1; run chmod 700 on it").arg(path);
    return {};
}

bool isSocket(const QString &path)
{
    struct stat status
    {
    };
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0 && S_ISSOCK(status.st_mode);
}

} // namespace

QString socketDirectory()
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (runtime.startsWith(QLatin1Char('/')))
        return QDir::cleanPath(runtime + QStringLiteral("/flywheel"));
    return QStringLiteral("/tmp/flywheel-%1").arg(::geteuid());
}

QString insecurity(const QString &path)
{
    if (QString reason = insecurityOfParent(path); !reason.isEmpty())
        return reason;
    struct stat status
    {
    };
    if (::lstat(QFile::encodeName(path).constData(), &status) != 0)
        return errno == ENOENT ? QString() : failed("look at", path, lastError());
    return insecurityOf(path, status);
}

QString socketPath(const QString &directory, const QString &name)
{
    return directory + QLatin1Char('/') + name;
}

QString secureDirectory(const QString &path)
{
    if (QString reason = insecurity(path); !reason.isEmpty())
        return reason;
    if (::mkdir(QFile::encodeName(path).constData(), S_IRWXU) != 0 && errno != EEXIST)
        return failed("make", path, lastError());
    return insecurity(path); // somebody may have been faster
}

QString lengthProblem(const QString &directory, const QString &name)
{
    const qsizetype bytes =
        QFile::encodeName(directory).size() + std::max(name.size() + 1, TemporaryNameBytes);
    const auto limit = static_cast<qsizetype>(sizeof(sockaddr_un::sun_path)) - 2;
    return bytes <= limit
               ? QString()
               : QStringLiteral(
                     "%1 is too long for the name of a socket; set XDG_RUNTIME_DIR to a shorter path")
                     .arg(directory);
}

bool isPublished(const QString &path)
{
    // After a change of user it may be out of sight, and is there all the same.
    return ::access(QFile::encodeName(path).constData(), F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

bool isListening(const QString &path)
{
    sockaddr_un address{};
    const QByteArray name = QFile::encodeName(path);
    if (static_cast<std::size_t>(name.size()) >= sizeof address.sun_path)
        return false;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket)
        return true; // can't tell
    const int result = ::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address);
    return result == 0 || (errno != ECONNREFUSED && errno != ENOENT);
}

QString freeSocketName(const QString &directory, qint64 processId)
{
    // Containers may share the directory and not the process ids.
    QString name = QString::number(processId);
    for (int namesake = 1; namesake <= MaxNamesakes; ++namesake) {
        const QString path = socketPath(directory, name);
        if (isSocket(path) && !isListening(path))
            QFile::remove(path);
        if (!QFileInfo::exists(path))
            return name;
        name = QStringLiteral("%1.%2").arg(processId).arg(namesake);
    }
    return {};
}

bool processExists(qint64 processId)
{
    const bool fits = processId > 0 && processId <= std::numeric_limits<pid_t>::max();
    return !fits || ::kill(static_cast<pid_t>(processId), 0) == 0 || errno != ESRCH;
}

bool seemsAlive(const QString &path)
{
    return processExists(processIdOf(QFileInfo(path).fileName())) || isListening(path);
}

QStringList socketsIn(const QString &directory)
{
    QStringList paths;
    for (const QString &name : QDir(directory).entryList(QDir::System, QDir::Name)) {
        const QString path = socketPath(directory, name);
        if (processIdOf(name) > 0 && isSocket(path))
            paths.append(path);
    }
    return paths;
}

void removeStaleSockets(const QString &directory)
{
    for (const QString &path : socketsIn(directory)) {
        if (!seemsAlive(path))
            QFile::remove(path);
    }
}

QString programNameOf(qint64 processId)
{
    const QFileInfo executable(QStringLiteral("/proc/%1/exe").arg(processId));
    return QFileInfo(executable.symLinkTarget()).fileName();
}

} // namespace Flywheel::Telemetry
