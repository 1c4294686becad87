// SPDX-License-Identifier: MIT
#include "target.h"

#include "format.h"
#include "session.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <optional>

namespace Flywheel::Monitor {

namespace {

constexpr auto HowToPublish = "Start it with `flywheel-run`, or with FLYWHEEL_TELEMETRY=1 if it is built on "
                              "Flywheel.";

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::Target", text);
}

QString named(const QString &name, qint64 processId)
{
    return QStringLiteral("%1 (pid %2)").arg(name).arg(processId);
}

/// What the system tells of a process in a file under /proc; nothing on systems that have none.
QString procFile(qint64 processId, const char *name)
{
    return QStringLiteral("/proc/%1/%2").arg(processId).arg(QLatin1String(name));
}

QString executableOf(qint64 processId)
{
    const QString path = QFile::symLinkTarget(procFile(processId, "exe"));
    return Format::plain(QFileInfo(path).fileName());
}

/// 0 where the system does not tell. The name in brackets may contain spaces and brackets: proc(5).
qint64 parentOf(qint64 processId)
{
    QFile file(procFile(processId, "stat"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    return text.mid(text.lastIndexOf(')') + 2).split(' ').value(1).toLongLong();
}

bool usesFlywheel(qint64 processId)
{
    QFile file(procFile(processId, "maps"));
    return file.open(QIODevice::ReadOnly) && file.readAll().contains("libflywheel");
}

/// The user whose process it is, if that is another one than ours.
std::optional<QString> otherUser(qint64 processId)
{
    const QFileInfo process(QStringLiteral("/proc/%1").arg(processId));
    const QFileInfo own(QStringLiteral("/proc/%1").arg(QCoreApplication::applicationPid()));
    if (!process.exists() || process.ownerId() == own.ownerId())
        return {};
    return process.owner().isEmpty() ? QString::number(process.ownerId()) : process.owner();
}

/// Nearest ancestor that publishes; null if none does.
const Process *publishingAncestor(const Session &session, qint64 processId)
{
    for (qint64 parent = parentOf(processId); parent > 1; parent = parentOf(parent)) {
        if (const Process *const found = session.find(QString::number(parent)))
            return found;
    }
    return nullptr;
}

QString whyNotPublished(const Session &session, qint64 processId)
{
    const QString who = named(executableOf(processId), processId);
    if (const auto user = otherUser(processId))
        return tr("%1 belongs to another user (%2). Only that user can watch it.").arg(who, *user);
    const Process *const ancestor = publishingAncestor(session, processId);
    if (ancestor && executableOf(ancestor->processId()) == executableOf(processId))
        return tr("%1 was forked from %2 and does not publish. Watch the parent: only that is measured.")
            .arg(who, named(ancestor->name(), ancestor->processId()));
    if (usesFlywheel(processId))
        return tr("%1 runs on Flywheel but does not publish: it was forked, or made a daemon, after its "
                  "application object was made, or it was started without FLYWHEEL_TELEMETRY=1.")
            .arg(who);
    return tr("%1 does not publish its loops. %2").arg(who, tr(HowToPublish));
}

/// A process of ours with an executable file of that name.
std::optional<qint64> runningProcess(const QString &name)
{
    const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &entry : entries) {
        bool isProcess = false;
        const qint64 processId = entry.toLongLong(&isProcess);
        if (isProcess && executableOf(processId).compare(name, Qt::CaseInsensitive) == 0 &&
            processId != QCoreApplication::applicationPid())
            return processId;
    }
    return {};
}

QString thosePublish(const Session &session)
{
    QStringList names;
    for (const auto &process : session.processes()) {
        if (process->state() != Process::State::Ended)
            names.push_back(named(process->name(), process->processId()));
    }
    return names.isEmpty() ? tr("No program does. %1").arg(tr(HowToPublish))
                           : tr("These do: %1.").arg(names.join(QStringLiteral(", ")));
}

QString severalAreCalled(const QString &name, const std::vector<Process *> &found)
{
    QStringList ids;
    for (const Process *process : found)
        ids.push_back(QString::number(process->processId()));
    return tr("%1 programs are called “%2”: pid %3. Name one by its pid.")
        .arg(found.size())
        .arg(name, ids.join(QStringLiteral(", ")));
}

} // namespace

QString unwatchable(const Session &session, const QString &pidOrName)
{
    const QString shown = Format::plain(pidOrName);
    const std::vector<Process *> found = session.findAll(pidOrName);
    if (found.size() > 1)
        return severalAreCalled(shown, found);
    if (found.size() == 1) {
        const Process &process = *found.front();
        const bool isRefused =
            process.state() == Process::State::Refused || process.state() == Process::State::VersionMismatch;
        return isRefused
                   ? named(process.name(), process.processId()) + QStringLiteral(": ") + process.reason()
                   : QString();
    }
    bool isNumber = false;
    const qint64 processId = pidOrName.toLongLong(&isNumber);
    if (isNumber && processId > 0)
        return Telemetry::processExists(processId) ? whyNotPublished(session, processId)
                                                   : tr("There is no process %1.").arg(processId);
    if (const auto running = runningProcess(pidOrName))
        return whyNotPublished(session, *running);
    return tr("No program called “%1” publishes its loops. %2").arg(shown, thosePublish(session));
}

} // namespace Flywheel::Monitor
