// SPDX-License-Identifier: MIT
#pragma once

#include "connection.h"
#include "loop.h"
#include "telemetry/protocol/publishers.h"

#include <QtCore/qobject.h>

#include <memory>
#include <vector>

namespace Flywheel::Monitor {

/// One process, live or out of a recording, with its loops. Made by Session.
class Process : public QObject
{
    Q_OBJECT

public:
    enum class State {
        Available,       ///< publishes; attach to see its loops
        Connecting,      ///< attached to, nothing heard yet
        Attached,        ///< frames come
        Lost,            ///< the connection broke; will be tried again
        Ended,           ///< has ended; what was seen stays
        VersionMismatch, ///< speaks another version of the protocol
        Refused,         ///< does not want us, or sends what is no telemetry
        Recorded,        ///< comes out of a recording
    };
    Q_ENUM(State)

    ~Process() override;

    qint64 processId() const { return m_publisher.processId; }
    /// As the program calls itself, or the name of its file.
    QString name() const;
    /// \a pidOrName: its process id, or what it or its file is called, case-insensitive.
    bool isCalled(const QString &pidOrName) const;
    State state() const { return m_state; }
    /// Why, as a sentence, with what can be done; empty where the state says it all.
    QString reason() const { return m_reason; }
    bool isAttached() const { return m_connection != nullptr; }
    /// Versions, path and so on; empty before the first hello.
    const Telemetry::ProcessInfo &info() const { return m_info; }

    /// The main thread's first, the others in the order they were first seen. Loops stay when they end.
    const std::vector<std::unique_ptr<Loop>> &loops() const { return m_loops; }
    /// Null if there is none.
    Loop *loop(std::uint64_t id) const;

    /// 0 unless attached.
    double framesPerSecond() const;
    std::uint64_t lostFrames() const;
    /// How long it has sent nothing though connected, as a program that was stopped or sits in a debugger
    /// does; 0 while frames come as they should.
    Duration silence() const;
    /// Processor time that publishing costs the process, as a share of one core, over the last seconds.
    double publishingShare() const { return m_publishingShare; }
    /// Of the last frame: loops of which nothing is known, since they were too many.
    std::uint32_t omittedLoops() const { return m_omittedLoops; }

    /// The wall clock at \a time, as near as is known.
    WallTime wallAt(Time time) const;
    /// The moment of the last frame; 0 if none has come.
    Time latestTime() const { return m_latestTime; }

Q_SIGNALS:
    void stateChanged();
    /// After it has taken its first frame.
    void loopAdded(Flywheel::Monitor::Loop *loop);
    /// After the loops have taken it.
    void frameTaken(const Flywheel::Telemetry::Frame &frame);

private:
    friend class Session;

    /// \a serial: a number that no other process of the session has had.
    Process(const Telemetry::Publisher &publisher, State state, quint64 serial);
    void attach(std::chrono::milliseconds interval);
    void setInterval(std::chrono::milliseconds interval);
    void followConnection();
    void setState(State state, const QString &reason = {});
    void setInfo(const Telemetry::ProcessInfo &info);
    void take(const Telemetry::Frame &frame);
    void takePlain(const Telemetry::Frame &frame);
    void takeLoop(const Telemetry::LoopFrame &frame, WallTime wall);
    void noteCost(const Telemetry::Frame &frame);
    void endLoops();
    void resetLoops();

    const Telemetry::Publisher m_publisher;
    const quint64 m_serial;
    State m_state;
    QString m_reason;
    Telemetry::ProcessInfo m_info;
    std::unique_ptr<Connection> m_connection;
    std::chrono::milliseconds m_interval = Telemetry::DefaultInterval;
    std::vector<std::unique_ptr<Loop>> m_loops;
    Time m_latestTime{};
    WallTime m_latestWall;
    std::uint32_t m_omittedLoops = 0;
    double m_publishingShare = 0;
};

/// The name of \a process, with its process id where another one of \a others has the same name.
QString distinctName(const Process &process, const std::vector<const Process *> &others);

} // namespace Flywheel::Monitor
