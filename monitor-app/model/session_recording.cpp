// SPDX-License-Identifier: MIT
#include "session.h"

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

/// A recorded process of which no more frames come has ended.
constexpr Duration RecordedSilence = 2s;

/// \a frame, with the tables that it leaves out since they have not changed.
Telemetry::Frame withTables(Telemetry::Frame frame, const Process &process)
{
    for (Telemetry::LoopFrame &shown : frame.loops) {
        const Loop *const loop = process.loop(shown.loopId);
        if (!loop)
            continue;
        if (!shown.receivers)
            shown.receivers = loop->tables().latestReceivers();
        if (!shown.topTimers)
            shown.topTimers = loop->tables().latestTimers();
    }
    return frame;
}

} // namespace

QString Session::openRecording(const QString &path)
{
    QString error;
    std::unique_ptr<Replay> replay = Replay::open(path, error);
    if (!replay)
        return error;
    stopRecording();
    m_discovery.stop();
    removeAll();
    m_replay = std::move(replay);
    playInto(*m_replay);
    Q_EMIT replayChanged();
    return {};
}

void Session::playInto(const Replay &replay)
{
    for (const Replay::RecordedProcess &recorded : replay.processes()) {
        Process &process = add({.processId = static_cast<qint64>(recorded.info.processId),
                                .socketPath = {},
                                .programName = QString::fromStdString(recorded.info.name)},
                               Process::State::Recorded);
        process.setInfo(recorded.info);
        m_recorded[recorded.row] = &process;
        Q_EMIT stateChanged(&process);
    }
    connect(&replay, &Replay::frame, this, [this](qint64 row, const Telemetry::Frame &frame) {
        if (const auto process = m_recorded.find(row); process != m_recorded.end())
            process->second->take(frame);
    });
    connect(&replay, &Replay::handlers, this, [this](qint64 row, quint64 loopId, const HandlerBatch &batch) {
        const auto process = m_recorded.find(row);
        Loop *const loop = process != m_recorded.end() ? process->second->loop(loopId) : nullptr;
        if (loop)
            loop->takeHandlers(batch);
    });
    connect(&replay, &Replay::restarted, this, [this] {
        for (const auto &process : m_processes)
            process->resetLoops();
        noteUpdate();
    });
    connect(&replay, &Replay::changed, this, &Session::followPosition);
}

void Session::followPosition()
{
    for (const auto &process : m_processes) {
        const Duration silence = m_replay->position() - process->latestTime();
        if (!m_replay->isLoading() && silence > RecordedSilence)
            process->endLoops();
    }
    noteUpdate();
}

void Session::closeRecording()
{
    if (!m_replay)
        return;
    removeAll();
    // It may be the sender of the signal that led here.
    m_replay->disconnect(this);
    m_replay.release()->deleteLater();
    Q_EMIT replayChanged();
    if (!m_discovering)
        return;
    m_discovery.start();
    for (const Telemetry::Publisher &publisher : m_discovery.publishers())
        appear(publisher);
}

QString Session::startRecording(const QString &path)
{
    if (m_replay)
        return tr("The window shows a recording. Close it to record live programs.");
    QString error;
    std::unique_ptr<Recorder> recorder = Recorder::create(path, error);
    if (!recorder)
        return error;
    m_recorder = std::move(recorder);
    connect(m_recorder.get(), &Recorder::failed, this, &Session::endRecording, Qt::QueuedConnection);
    Q_EMIT recordingChanged({});
    return {};
}

void Session::stopRecording()
{
    if (m_recorder)
        endRecording({});
}

void Session::endRecording(const QString &error)
{
    m_recorder.reset();
    Q_EMIT recordingChanged(error);
}

void Session::recordHandlers(const Loop &loop, const HandlerBatch &batch)
{
    if (m_recorder)
        m_recorder->addHandlers(loop.process().m_serial, loop.process().info(), loop.id(), batch);
}

void Session::record(const Process &process, const Telemetry::Frame &frame)
{
    if (m_replay)
        return;
    const quint64 key = process.m_serial;
    const bool isKeyFrame = m_recent.needsKeyFrame(key, frame.takenAt) ||
                            (m_recorder && m_recorder->needsKeyFrame(key, frame.takenAt));
    const PackedFrame packed = pack(isKeyFrame ? withTables(frame, process) : frame, isKeyFrame);
    m_recent.add(key, process.info(), packed);
    if (m_recorder)
        m_recorder->add(key, process.info(), packed);
}

} // namespace Flywheel::Monitor
