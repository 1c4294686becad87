// SPDX-License-Identifier: MIT
#include "crash.h"

#include "format.h"
#include "handlertext.h"
#include "journalbatch.h"

#include <QtCore/qcoreapplication.h>

#include <tuple>

namespace Flywheel::Monitor {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::Crash", text);
}

/// Without a name, nobody means a monitor that was ended by Ctrl+C.
bool isCalled(const RecordedProcess &process, const QString &pidOrName)
{
    if (pidOrName.isEmpty())
        return programOf(process) != QCoreApplication::applicationName();
    const std::uint64_t processId = process.loops.front().identity.processId;
    return pidOrName == QString::number(processId) || pidOrName == QString::fromStdString(process.name) ||
           programOf(process).compare(pidOrName, Qt::CaseInsensitive) == 0;
}

Nanoseconds wallOf(const RecordedProcess &process)
{
    return process.lastSign().time_since_epoch() + process.loops.front().identity.wallOffset;
}

/// "main ran timer 7 of EchoServer since 12:03:04.120."
QString lastWordsOf(const RecordedProcess &process, const JournalContents &loop)
{
    const NamedHandler running = *toBatch(loop, 0, {}).running;
    const QString thread = QString::fromStdString(Format::plain(loop.identity.thread));
    const QString name = thread.isEmpty() ? tr("thread %1").arg(loop.identity.threadId) : thread;
    const QString since = Format::clockTime(running.handler.begin + loop.identity.wallOffset, 6);
    QString text = tr("%1 ran %2, since %3").arg(name, handlerCulprit(running), since);
    // Others went on meanwhile: it ran at least so long.
    if (const Duration seen = process.lastSign() - loop.since; seen > std::chrono::milliseconds(1))
        text += tr(", for at least %1").arg(Format::duration(seen));
    return text + QLatin1Char('.');
}

} // namespace

std::optional<RecordedProcess> findCrash(const QString &pidOrName, QString &problem)
{
    std::optional<RecordedProcess> last;
    bool lives = false;
    for (RecordedProcess &process : recordedProcesses()) {
        if (process.loops.empty() || !isCalled(process, pidOrName))
            continue;
        lives = lives || process.lives;
        if (!process.lives && (!last || wallOf(process) > wallOf(*last)))
            last = std::move(process);
    }
    if (last)
        return last;
    if (pidOrName.isEmpty()) {
        problem =
            tr("no program of yours has died and left a journal; one that ends cleanly removes its journals");
    } else if (lives) {
        problem = tr("%1 runs: watch it without --crashed").arg(pidOrName);
    } else {
        problem = tr("no program “%1” has died and left a journal: it ended cleanly, kept none, or others "
                     "died since (flywheel-run --dump lists what is there)")
                      .arg(pidOrName);
    }
    return {};
}

QString programOf(const RecordedProcess &process)
{
    return QString::fromStdString(Format::plain(process.loops.front().identity.program));
}

const JournalContents *loopToBlame(const RecordedProcess &process)
{
    const auto found = std::find_if(process.loops.begin(), process.loops.end(),
                                    [](const JournalContents &loop) { return loop.running.has_value(); });
    if (found != process.loops.end())
        return &*found;
    return process.loops.empty() ? nullptr : &process.loops.front();
}

QString epitaphOf(const RecordedProcess &process)
{
    const auto wall = std::chrono::duration_cast<WallTime::duration>(wallOf(process));
    QStringList sentences{
        tr("%1 (pid %2) has died without ending its loops. The last that it recorded was at %3.")
            .arg(programOf(process))
            .arg(process.loops.front().identity.processId)
            .arg(Format::dateTime(WallTime(wall)))};
    for (const JournalContents &loop : process.loops) {
        if (loop.running)
            sentences << lastWordsOf(process, loop);
    }
    if (sentences.size() == 1)
        sentences << tr("No handler ran then.");
    return sentences.join(QLatin1Char(' '));
}

} // namespace Flywheel::Monitor
