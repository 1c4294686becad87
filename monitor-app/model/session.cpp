// SPDX-License-Identifier: MIT
#include "session.h"

#include <algorithm>

namespace Flywheel::Monitor {

Session::Session(QObject *parent) : QObject(parent)
{
    m_update.setSingleShot(true);
    m_update.setInterval(UpdateInterval);
    connect(&m_update, &QTimer::timeout, this, &Session::updated);
    m_silenceWatch.setInterval(std::chrono::seconds(1));
    connect(&m_silenceWatch, &QTimer::timeout, this, &Session::lookForSilence);
    connect(&m_handlers, &HandlerReader::handlersTaken, this, &Session::recordHandlers);
    connect(&m_discovery, &Discovery::appeared, this, &Session::appear);
    connect(&m_discovery, &Discovery::disappeared, this, &Session::disappear);
}

Session::~Session()
{
    blockSignals(true);
}

void Session::startDiscovery()
{
    m_discovering = true;
    if (!m_replay)
        m_discovery.start();
}

std::vector<Loop *> Session::loops() const
{
    std::vector<Loop *> result;
    for (const auto &process : m_processes) {
        for (const auto &loop : process->loops())
            result.push_back(loop.get());
    }
    return result;
}

Process *Session::find(const QString &pidOrName) const
{
    const std::vector<Process *> found = findAll(pidOrName);
    return found.empty() ? nullptr : found.front();
}

std::vector<Process *> Session::findAll(const QString &pidOrName) const
{
    std::vector<Process *> found;
    for (const auto &process : m_processes) {
        if (process->isCalled(pidOrName) && process->state() != Process::State::Ended)
            found.push_back(process.get());
    }
    return found;
}

Process &Session::add(const Telemetry::Publisher &publisher, Process::State state)
{
    Process &process = *m_processes.emplace_back(new Process(publisher, state, ++m_lastSerial));
    follow(process);
    Q_EMIT processAdded(&process);
    return process;
}

void Session::follow(Process &process)
{
    connect(&process, &Process::stateChanged, this, [this, &process] {
        if (process.state() == Process::State::Ended)
            m_handlers.read(process, true);
        Q_EMIT stateChanged(&process);
    });
    connect(&process, &Process::loopAdded, this, [this](Loop *loop) {
        connect(loop, &Loop::healthChanged, this,
                [this, loop](Health before, Health after) { Q_EMIT healthChanged(loop, before, after); });
        Q_EMIT loopAdded(loop);
    });
    connect(&process, &Process::frameTaken, this, [this, &process](const Telemetry::Frame &frame) {
        record(process, frame);
        m_handlers.read(process);
        noteUpdate();
    });
}

void Session::remove(Process &process)
{
    const auto found = std::find_if(m_processes.begin(), m_processes.end(),
                                    [&](const auto &known) { return known.get() == &process; });
    if (found == m_processes.end())
        return;
    Q_EMIT processAboutToBeRemoved(&process);
    m_recent.forget(process.m_serial);
    // Its connection may be the sender of the signal that led here.
    Process *const removed = found->release();
    m_processes.erase(found);
    removed->disconnect(this);
    if (removed->m_connection)
        removed->m_connection->close();
    removed->deleteLater();
    Q_EMIT processRemoved();
}

void Session::removeAll()
{
    while (!m_processes.empty())
        remove(*m_processes.back());
    m_recorded.clear();
}

void Session::appear(const Telemetry::Publisher &publisher)
{
    const bool known = std::any_of(m_processes.begin(), m_processes.end(), [&](const auto &process) {
        return process->m_publisher.processId == publisher.processId &&
               process->state() != Process::State::Ended;
    });
    if (known)
        return;
    Process &process = add(publisher, Process::State::Available);
    attachIfAwaited(process);
    askForName(process);
}

void Session::disappear(const Telemetry::Publisher &publisher)
{
    const auto found = std::find_if(m_processes.begin(), m_processes.end(), [&](const auto &process) {
        return process->m_publisher.processId == publisher.processId &&
               process->state() == Process::State::Available;
    });
    if (found != m_processes.end())
        remove(**found);
}

void Session::attach(Process &process)
{
    using State = Process::State;
    const bool canBe = process.state() != State::Ended && process.state() != State::Recorded;
    if (!canBe || process.isAttached())
        return;
    m_silenceWatch.start();
    process.attach(m_interval);
}

void Session::attachWhenFound(const QString &pidOrName)
{
    if (Process *const process = find(pidOrName))
        return attach(*process);
    if (!m_awaited.contains(pidOrName))
        m_awaited.push_back(pidOrName);
    for (const auto &process : m_processes)
        askForName(*process);
}

void Session::attachToSocket(const QString &socketPath, const QString &place)
{
    attach(add({.processId = 0, .socketPath = socketPath, .programName = place}, Process::State::Available));
}

Process &Session::showCrash(const RecordedProcess &crash)
{
    const QString program = programOf(crash);
    const auto processId = static_cast<qint64>(crash.loops.front().identity.processId);
    Process &process =
        add({.processId = processId, .socketPath = {}, .programName = program}, Process::State::Ended);
    Telemetry::ProcessInfo info;
    info.processId = static_cast<std::uint64_t>(processId);
    info.name = program.toStdString();
    process.setInfo(info);
    process.takeCrash(crash);
    noteUpdate();
    return process;
}

void Session::attachToAll()
{
    m_attachToAll = true;
    for (const auto &process : m_processes)
        attach(*process);
}

void Session::attachIfAwaited(Process &process)
{
    const auto called = [&](const QString &name) { return process.isCalled(name); };
    const bool awaited = std::any_of(m_awaited.begin(), m_awaited.end(), called);
    m_awaited.erase(std::remove_if(m_awaited.begin(), m_awaited.end(), called), m_awaited.end());
    if (awaited || m_attachToAll || isRestarted(process))
        attach(process);
}

/// Only while one is awaited by name: a program notices each watcher.
void Session::askForName(Process &process)
{
    const auto isName = [](const QString &awaited) {
        bool isNumber = false;
        awaited.toLongLong(&isNumber);
        return !isNumber;
    };
    const bool isKnown = process.state() != Process::State::Available || !process.info().name.empty();
    if (isKnown || !std::any_of(m_awaited.begin(), m_awaited.end(), isName))
        return;
    auto *const asking =
        new Connection(process.m_publisher.processId, process.m_publisher.socketPath, &process);
    const auto finish = [asking] {
        asking->close();
        asking->deleteLater();
    };
    connect(asking, &Connection::stateChanged, this, finish);
    connect(asking, &Connection::helloReceived, this,
            [this, finish, &process](const Telemetry::ProcessInfo &info) {
                finish();
                if (process.state() != Process::State::Available)
                    return;
                process.setInfo(info);
                attachIfAwaited(process);
                Q_EMIT stateChanged(&process);
            });
    asking->open(Telemetry::LongestInterval);
}

/// Whether one of the same name was watched until it ended, and none is now.
bool Session::isRestarted(const Process &process) const
{
    const auto isFormer = [&](const auto &other) {
        return other.get() != &process && other->isAttached() && !other->isRemote() &&
               !process.m_publisher.programName.isEmpty() &&
               other->m_publisher.programName == process.m_publisher.programName;
    };
    const auto hasEnded = [](const auto &other) { return other->state() == Process::State::Ended; };
    return std::any_of(m_processes.begin(), m_processes.end(), isFormer) &&
           std::all_of(m_processes.begin(), m_processes.end(),
                       [&](const auto &other) { return !isFormer(other) || hasEnded(other); });
}

void Session::lookForSilence()
{
    const bool anyIsSilent = std::any_of(m_processes.begin(), m_processes.end(),
                                         [](const auto &process) { return process->silence() > Duration(); });
    if (anyIsSilent)
        noteUpdate();
}

void Session::detach(Process &process)
{
    const Telemetry::Publisher publisher = process.m_publisher;
    remove(process);
    const auto &present = m_discovery.publishers();
    if (std::find(present.begin(), present.end(), publisher) != present.end())
        add(publisher, Process::State::Available);
}

void Session::close(Process &process)
{
    if (process.state() == Process::State::Ended)
        remove(process);
    else
        detach(process);
}

void Session::setInterval(std::chrono::milliseconds interval)
{
    m_interval = interval;
    for (const auto &process : m_processes)
        process->setInterval(interval);
}

void Session::noteUpdate()
{
    if (!m_update.isActive())
        m_update.start();
}

Time Session::now() const
{
    if (m_replay)
        return m_replay->position();
    Time attached{};
    Time any{};
    for (const auto &process : m_processes) {
        any = std::max(any, process->latestTime());
        if (process->state() == Process::State::Attached)
            attached = std::max(attached, process->latestTime());
    }
    return attached != Time() ? attached : any;
}

WallTime Session::wallAt(Time time) const
{
    if (m_replay)
        return m_replay->wallAt(time);
    const Process *nearest = nullptr;
    for (const auto &process : m_processes) {
        if (!nearest || process->latestTime() > nearest->latestTime())
            nearest = process.get();
    }
    return nearest ? nearest->wallAt(time) : WallTime();
}

} // namespace Flywheel::Monitor
