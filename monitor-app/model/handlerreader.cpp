// SPDX-License-Identifier: MIT
#include "handlerreader.h"

#include "journal/journalreader.h"
#include "journalbatch.h"
#include "process.h"

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

/// Frames come as often, give or take some milliseconds.
constexpr Duration ShortestInterval = 80ms;

/// A path names another journal in a container, say.
bool isOf(const JournalIdentity &journal, const Loop &loop)
{
    return journal.processId == static_cast<std::uint64_t>(loop.process().processId()) &&
           journal.loopId == loop.id() && journal.threadId == loop.latest().threadId;
}

} // namespace

struct HandlerReader::Journal
{
    explicit Journal(const Loop &loop) : path(loop.latest().journalFile), tail(path) {}

    std::string path;
    JournalTail tail;
    Time readAt{};
};

HandlerReader::HandlerReader() = default;

HandlerReader::~HandlerReader() = default;

void HandlerReader::follow(const QList<Loop *> &loops)
{
    m_followed.clear();
    for (Loop *loop : loops)
        m_followed.push_back(loop);
}

void HandlerReader::read(const Process &process, bool isLast)
{
    for (const QPointer<Loop> &loop : std::as_const(m_followed)) {
        const bool hasJournal = loop && &loop->process() == &process && !loop->latest().journalFile.empty();
        if (hasJournal && !process.isRemote())
            read(*loop, isLast);
    }
}

HandlerReader::Journal &HandlerReader::journalOf(Loop &loop)
{
    const auto known = m_journals.find(&loop);
    if (known != m_journals.end() && known->second->path == loop.latest().journalFile)
        return *known->second;
    if (known == m_journals.end())
        connect(&loop, &QObject::destroyed, this, [this, key = &loop] { m_journals.erase(key); });
    std::unique_ptr<Journal> &made = m_journals[&loop];
    made = std::make_unique<Journal>(loop);
    return *made;
}

void HandlerReader::read(Loop &loop, bool isLast)
{
    Journal &journal = journalOf(loop);
    const Time now = loop.process().latestTime();
    if (!isLast && now - journal.readAt < ShortestInterval)
        return;
    journal.readAt = now;
    const std::uint64_t next = journal.tail.next();
    const JournalReading reading = journal.tail.readNew();
    if (!reading.contents || !isOf(reading.contents->identity, loop)) {
        const std::string problem = reading.contents ? "is the journal of another loop" : reading.problem;
        loop.noteHandlerProblem(QString::fromStdString(journal.path + ' ' + problem));
        return;
    }
    const HandlerBatch batch = toBatch(*reading.contents, next, now);
    loop.takeHandlers(batch);
    Q_EMIT handlersTaken(loop, batch);
}

QString whyNoHandlers(const Loop &loop)
{
    if (!loop.handlers().known().isEmpty())
        return {};
    if (loop.process().state() == Process::State::Recorded)
        return HandlerReader::tr("The recording has no handlers of this loop, only its stalls.");
    if (loop.process().isRemote())
        return HandlerReader::tr(
            "Handlers can be read of programs on this machine only: these are the stalls.");
    if (loop.latest().journalFile.empty())
        return HandlerReader::tr(
            "The program keeps no journal of this loop (FLYWHEEL_JOURNAL=0, or no room for the file): "
            "these are the stalls.");
    if (!loop.handlerProblem().isEmpty())
        return HandlerReader::tr("The journal cannot be read, so these are the stalls: %1.")
            .arg(loop.handlerProblem());
    return HandlerReader::tr("Nothing was read from the journal yet.");
}

} // namespace Flywheel::Monitor
