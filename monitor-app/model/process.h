// SPDX-License-Identifier: MIT
#pragma once

#include "connection.h"
#include "crash.h"
#include "loop.h"
#include "telemetry/protocol/publishers.h"

#include <QtCore/qobject.h>

#include <memory>
#include <vector>

namespace Flywheel::Monitor {

/// One process, running or from a recording, with its loops. Session makes it.
class Process : public QObject
{
    Q_OBJECT

public:
    enum class State {
        Available,       ///< publishes; attach to see its loops
        Connecting,      ///< attached, but nothing has arrived yet
        Attached,        ///< frames arrive
        Lost,            ///< the connection broke; it will be made again
        Ended,           ///< has ended; its history stays
        VersionMismatch, ///< uses another version of the protocol
        Refused,         ///< refused the monitor, or sent something that is no telemetry
        Recorded,        ///< from a recording
    };
    Q_ENUM(State)

    ~Process() override;

    /// 0 if the program is somewhere else and has not said it yet.
    qint64 processId() const
    {
        return isRemote() ? static_cast<qint64>(m_info.processId) : m_publisher.processId;
    }
    /// True if it was found by its socket alone (Session::attachToSocket()).
    bool isRemote() const { return m_publisher.processId == 0; }
    /// The name that the program gives itself, or the name of its file; with the place of a remote one.
    QString name() const;
    /// True if \a pidOrName is its process id, its name or the name of its file, in upper or lower case.
    bool isCalled(const QString &pidOrName) const;
    State state() const { return m_state; }
    /// The reason of the state and what to do, as sentences; empty if the state needs none.
    QString reason() const { return m_reason; }
    bool isAttached() const { return m_connection != nullptr; }
    /// True if it died before anybody watched it, and what is known comes from its journals. reason() tells
    /// what ran.
    bool isFromJournals() const { return m_isFromJournals; }
    /// Versions, path and other facts; empty before the first hello.
    const Telemetry::ProcessInfo &info() const { return m_info; }

    /// The loops: that of the main thread first, the others in the order in which they were first seen. Loops
    /// stay after they have ended.
    const std::vector<std::unique_ptr<Loop>> &loops() const { return m_loops; }
    /// Returns null if there is no such loop.
    Loop *loop(std::uint64_t id) const;

    /// 0 unless attached.
    double framesPerSecond() const;
    std::uint64_t lostFrames() const;
    /// How long the program has sent nothing although it is connected, because it was stopped or sits in a
    /// debugger; 0 while frames arrive in time.
    Duration silence() const;
    /// The processor time that publishing costs the process, as a share of one core, in the last seconds.
    double publishingShare() const { return m_publishingShare; }
    /// How many loops the last frame left out because there were too many.
    std::uint32_t omittedLoops() const { return m_omittedLoops; }

    /// The wall clock at \a time, as well as it is known.
    WallTime wallAt(Time time) const;
    /// The time of the last frame; 0 if none has arrived.
    Time latestTime() const { return m_latestTime; }

Q_SIGNALS:
    void stateChanged();
    /// Emitted after the loop has taken its first frame.
    void loopAdded(Flywheel::Monitor::Loop *loop);
    /// Emitted after the loops have taken the frame.
    void frameTaken(const Flywheel::Telemetry::Frame &frame);

private:
    friend class Session;

    /// \a serial is a number that no other process of the session has or had.
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
    void takeCrash(const RecordedProcess &crash);
    void insert(std::unique_ptr<Loop> loop);
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
    bool m_isFromJournals = false;
};

/// Returns the name of \a process, with its process id if another one of \a others has the same name.
QString distinctName(const Process &process, const std::vector<const Process *> &others);
/// "main", with the program's name in front if \a others belong to several programs.
QString nameAmong(const Loop &loop, const QList<Loop *> &others);

} // namespace Flywheel::Monitor
