// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journalfixture.h"
#include "telemetry/runtimedirectory.h"

#include <QtCore/qfile.h>
#include <QtTest/qtest.h>

#include <sys/stat.h>

namespace Flywheel::Monitor::Test {

/// A runtime directory with the journals of programs that have died. Two seconds after \c made, each has run
/// one handler of a Worker "poll"; the second loop of each ran another one at its end, from one second later
/// on. All that was in 2100, so that they died after those that have left their journals in /tmp.
class DeadPrograms
{
public:
    DeadPrograms()
    {
        QDir().mkpath(directory.sockets());
        ::chmod(QFile::encodeName(directory.sockets()).constData(), 0700);
    }

    void leave(std::uint64_t processId, std::chrono::seconds made, const char *program)
    {
        leaveLoop(processId, made, program, 1);
        leaveLoop(processId, made, program, 2);
    }

    const Telemetry::Test::RuntimeDirectory directory;

private:
    void leaveLoop(std::uint64_t processId, std::chrono::seconds made, const char *program,
                   std::uint64_t loopId)
    {
        using std::chrono_literals::operator""s;
        Flywheel::Test::MemoryJournal memory(1024);
        Journaling::Header &header = memory.journal.header();
        header.processId = processId;
        header.threadId = processId + loopId - 1;
        header.loopId = loopId;
        header.wallOffset = std::chrono::nanoseconds(4'102'444'800s).count();
        header.processMade = std::chrono::nanoseconds(made).count();
        std::string_view(program).copy(header.program.data(), header.program.size());
        std::string_view(loopId == 1 ? "main" : "worker").copy(header.thread.data(), header.thread.size());
        memory.journal.setNames(1, Flywheel::Test::namesOf("Worker", u"poll"));
        memory.journal.append({.end = std::chrono::nanoseconds(made + 2s).count(),
                               .duration = 5e6F,
                               .id = 3,
                               .subject = 1,
                               .depth = 1});
        if (loopId == 2) {
            memory.journal.setRunning(1, 0, 3);
            memory.journal.setActivity(Instant(made + 3s), Journal::Activity::Handler);
        } else {
            memory.journal.setActivity(Instant(made + 4s), Journal::Activity::None);
        }
        QFile file(QStringLiteral("%1/%2-%3.journal").arg(directory.sockets()).arg(processId).arg(loopId));
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(reinterpret_cast<const char *>(memory.bytes().data()), qint64(memory.bytes().size())) <
                0)
            qFatal("no journal: %s", qPrintable(file.errorString()));
    }
};

} // namespace Flywheel::Monitor::Test
