// SPDX-License-Identifier: MIT
#include "exportrun.h"

#include "commandline.h"
#include "model/codenames.h"
#include "model/dataexport.h"
#include "model/format.h"
#include "model/session.h"
#include "terminal.h"

#include <QtCore/qcoreapplication.h>

namespace Flywheel::Monitor {

namespace {

int fail(const QString &problem)
{
    print(stderr, QStringLiteral("flywheel-monitor: %1\n").arg(problem));
    return 1;
}

int writeAll(const Session &session, const CommandLine &line)
{
    const TimeSpan whole = session.replay()->span();
    const TimeSpan span = line.partOf(*session.replay());
    if (!line.duration && span.begin > whole.begin)
        print(stderr, QStringLiteral("flywheel-monitor: the last %1 of a recording of %2\n")
                          .arg(Format::duration(span.length()), Format::duration(whole.length())));
    QList<Loop *> loops;
    for (Loop *loop : session.loops())
        loops.push_back(loop);
    CodeNames names;
    const QString problem = exportData(loops, span, line.exportFile, names);
    return problem.isEmpty() ? 0 : fail(problem);
}

} // namespace

int runExport(int argc, char **argv, const CommandLine &line)
{
    const QCoreApplication app(argc, argv);
    Session session;
    if (const QString problem = session.openRecording(line.recording); !problem.isEmpty())
        return fail(problem);
    Replay &replay = *session.replay();
    replay.seek(replay.span().end);
    const auto endWhenLoaded = [&replay] {
        if (!replay.isLoading())
            QCoreApplication::quit();
    };
    QObject::connect(&replay, &Replay::changed, &replay, endWhenLoaded, Qt::QueuedConnection);
    QMetaObject::invokeMethod(&replay, endWhenLoaded, Qt::QueuedConnection);
    QCoreApplication::exec();
    return writeAll(session, line);
}

} // namespace Flywheel::Monitor
