// SPDX-License-Identifier: MIT
#include "process.h"

#include "format.h"
#include "journalbatch.h"
#include "plainframe.h"

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

/// A program that starts and ends threads all the time must not fill our memory.
constexpr std::size_t MostLoops = 2048;
constexpr double CostSmoothing = 0.05;

Telemetry::Publisher withPlainName(Telemetry::Publisher publisher)
{
    publisher.programName = Format::plain(publisher.programName);
    return publisher;
}

Process::State stateOf(Connection::State state)
{
    switch (state) {
    case Connection::State::Connecting:
        return Process::State::Connecting;
    case Connection::State::Attached:
        return Process::State::Attached;
    case Connection::State::Lost:
        return Process::State::Lost;
    case Connection::State::Ended:
        return Process::State::Ended;
    case Connection::State::VersionMismatch:
        return Process::State::VersionMismatch;
    case Connection::State::Refused:
        break;
    }
    return Process::State::Refused;
}

} // namespace

Process::Process(const Telemetry::Publisher &publisher, State state, quint64 serial)
    : m_publisher(withPlainName(publisher))
    , m_serial(serial)
    , m_state(state)
{
}

Process::~Process() = default;

QString Process::name() const
{
    const QString own = QString::fromStdString(m_info.name);
    if (isRemote() && !own.isEmpty())
        return QStringLiteral("%1 @ %2").arg(own, m_publisher.programName);
    return own.isEmpty() ? m_publisher.programName : own;
}

bool Process::isCalled(const QString &pidOrName) const
{
    return pidOrName == QString::number(processId()) ||
           pidOrName.compare(m_publisher.programName, Qt::CaseInsensitive) == 0 ||
           pidOrName.compare(name(), Qt::CaseInsensitive) == 0;
}

Loop *Process::loop(std::uint64_t id) const
{
    const auto found =
        std::find_if(m_loops.begin(), m_loops.end(), [id](const auto &loop) { return loop->id() == id; });
    return found == m_loops.end() ? nullptr : found->get();
}

double Process::framesPerSecond() const
{
    return m_connection ? m_connection->framesPerSecond() : 0;
}

std::uint64_t Process::lostFrames() const
{
    return m_connection ? m_connection->lostFrames() : 0;
}

Duration Process::silence() const
{
    if (m_state != State::Attached || !m_connection)
        return {};
    const Duration silence = m_connection->silence();
    return silence >= std::max<Duration>(LoopHistory::LongestSilence, 4 * m_interval) ? silence : Duration();
}

WallTime Process::wallAt(Time time) const
{
    return m_latestWall + std::chrono::duration_cast<WallTime::duration>(time - m_latestTime);
}

void Process::attach(std::chrono::milliseconds interval)
{
    m_connection = std::make_unique<Connection>(m_publisher.processId, m_publisher.socketPath);
    connect(m_connection.get(), &Connection::stateChanged, this, &Process::followConnection);
    connect(m_connection.get(), &Connection::helloReceived, this, &Process::setInfo);
    connect(m_connection.get(), &Connection::frameReceived, this, &Process::take);
    setState(State::Connecting);
    m_interval = interval;
    m_connection->open(interval);
}

void Process::setInterval(std::chrono::milliseconds interval)
{
    m_interval = interval;
    if (m_connection)
        m_connection->setInterval(interval);
}

void Process::followConnection()
{
    if (m_connection->state() == Connection::State::Ended) {
        m_state = State::Ended; // loops that ended in a stall say with what
        endLoops();
    }
    setState(stateOf(m_connection->state()), m_connection->reason());
}

void Process::setState(State state, const QString &reason)
{
    m_state = state;
    m_reason = reason;
    Q_EMIT stateChanged();
}

void Process::setInfo(const Telemetry::ProcessInfo &info)
{
    m_info = withPlainNames(info);
}

void Process::take(const Telemetry::Frame &frame)
{
    if (const auto plain = withPlainNames(frame))
        return takePlain(*plain);
    takePlain(frame);
}

void Process::takePlain(const Telemetry::Frame &frame)
{
    noteCost(frame);
    m_latestTime = frame.takenAt;
    m_latestWall = frame.takenAtWall;
    m_omittedLoops = frame.omittedLoops;
    for (const Telemetry::LoopFrame &loop : frame.loops)
        takeLoop(loop, frame.takenAtWall);
    for (const auto &loop : m_loops) {
        const bool known = std::any_of(frame.loops.begin(), frame.loops.end(),
                                       [&](const auto &shown) { return shown.loopId == loop->id(); });
        if (!known && frame.omittedLoops == 0 && loop->isRunning())
            loop->end();
    }
    Q_EMIT frameTaken(frame);
}

void Process::takeLoop(const Telemetry::LoopFrame &frame, WallTime wall)
{
    if (Loop *known = loop(frame.loopId))
        return known->take(frame, wall);
    if (m_loops.size() == MostLoops) {
        ++m_omittedLoops;
        return;
    }
    auto made = std::make_unique<Loop>(*this, frame.loopId);
    made->take(frame, wall);
    insert(std::move(made));
}

void Process::insert(std::unique_ptr<Loop> loop)
{
    Loop *const added = loop.get();
    m_loops.insert(added->isMain() ? m_loops.begin() : m_loops.end(), std::move(loop));
    Q_EMIT loopAdded(added);
}

void Process::noteCost(const Telemetry::Frame &frame)
{
    const std::chrono::duration<double> length = frame.takenAt - m_latestTime;
    const std::chrono::duration<double> cpu = frame.publishingCpu;
    if (m_latestTime != Time() && length.count() > 0)
        m_publishingShare += CostSmoothing * (cpu / length - m_publishingShare);
}

void Process::endLoops()
{
    for (const auto &loop : m_loops)
        loop->end();
}

void Process::takeCrash(const RecordedProcess &crash)
{
    m_isFromJournals = true;
    m_latestTime = crash.lastSign().time_since_epoch();
    m_latestWall = WallTime(std::chrono::duration_cast<WallTime::duration>(
        m_latestTime + crash.loops.front().identity.wallOffset));
    for (const JournalContents &journal : crash.loops) {
        if (loop(journal.identity.loopId) || m_loops.size() == MostLoops)
            continue;
        Telemetry::LoopFrame frame;
        frame.loopId = journal.identity.loopId;
        frame.threadId = journal.identity.threadId;
        frame.threadName = Format::plain(journal.identity.thread);
        frame.takenAt = m_latestTime;
        auto made = std::make_unique<Loop>(*this, frame.loopId);
        made->describe(frame);
        made->takeHandlers(toBatch(journal, 0, m_latestTime));
        insert(std::move(made));
    }
    setState(State::Ended, epitaphOf(crash));
}

void Process::resetLoops()
{
    m_latestTime = {};
    for (const auto &loop : m_loops)
        loop->reset();
}

QString distinctName(const Process &process, const std::vector<const Process *> &others)
{
    const bool isShared = std::any_of(others.begin(), others.end(), [&](const Process *other) {
        return other != &process && other->name() == process.name();
    });
    return isShared ? QStringLiteral("%1 (pid %2)").arg(process.name(), QString::number(process.processId()))
                    : process.name();
}

QString nameAmong(const Loop &loop, const QList<Loop *> &others)
{
    std::vector<const Process *> processes;
    for (const Loop *other : others)
        processes.push_back(&other->process());
    const bool several = std::any_of(processes.begin(), processes.end(),
                                     [&](const Process *other) { return other != &loop.process(); });
    return several ? QStringLiteral("%1: %2").arg(distinctName(loop.process(), processes), loop.name())
                   : loop.name();
}

} // namespace Flywheel::Monitor
