// SPDX-License-Identifier: MIT
#pragma once

#include "discovery.h"
#include "process.h"
#include "recording.h"
#include "replay.h"

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qtimer.h>

#include <map>
#include <memory>
#include <vector>

namespace Flywheel::Monitor {

/// All that a window shows: the processes of this user that publish, with the loops of those attached to; or
/// the contents of a recording. What is collected goes on while a view is paused: pausing is the view's
/// business.
class Session : public QObject
{
    Q_OBJECT

public:
    /// The shortest time between two updated().
    static constexpr std::chrono::milliseconds UpdateInterval{50};

    explicit Session(QObject *parent = nullptr);
    ~Session() override;

    /// Begins to look for programs that publish, and lists them as Available.
    void startDiscovery();

    /// In the order they were found.
    const std::vector<std::unique_ptr<Process>> &processes() const { return m_processes; }
    /// All loops of all processes.
    std::vector<Loop *> loops() const;
    /// The first that is called so (Process::isCalled()) and has not ended; null if there is none.
    Process *find(const QString &pidOrName) const;
    /// All that are called so and have not ended.
    std::vector<Process *> findAll(const QString &pidOrName) const;

    void attach(Process &process);
    /// As soon as a program of that process id or name appears; at once if it is there. Programs whose file
    /// is not called so are asked what they call themselves: a script's file is that of its interpreter.
    /// Every program that was attached to and has ended is attached to again when one of the same name
    /// appears.
    void attachWhenFound(const QString &pidOrName);
    /// Every program there is and every one that comes; for `--text`.
    void attachToAll();
    /// What attachWhenFound() still waits for.
    QStringList awaited() const { return m_awaited; }
    /// Whom the last verdict was about, for the next one; null if nobody.
    const Loop *namedLast() const { return m_namedLast; }
    void setNamedLast(Loop *loop) const { m_namedLast = loop; }
    /// Back to Available; loops and histories go.
    void detach(Process &process);
    /// Removes one that has ended, or detaches from one that publishes.
    void close(Process &process);
    /// How often frames are asked for, from now on.
    void setInterval(std::chrono::milliseconds interval);

    /// Shows a recording instead of live programs. Returns why that is not possible, for people, or nothing.
    QString openRecording(const QString &path);
    /// Back to live programs.
    void closeRecording();
    /// Null unless a recording is shown.
    Replay *replay() const { return m_replay.get(); }

    /// Records all frames that come from now on. Returns why that is not possible, or nothing.
    QString startRecording(const QString &path);
    void stopRecording();
    /// Null unless recording.
    const Recorder *recorder() const { return m_recorder.get(); }

    /// The latest moment of which anything is known: the right edge of live charts. In a replay: its
    /// position.
    Time now() const;
    /// The wall clock at \a time, for labels.
    WallTime wallAt(Time time) const;

Q_SIGNALS:
    void processAdded(Flywheel::Monitor::Process *process);
    /// Its loops are still there; forget them.
    void processAboutToBeRemoved(Flywheel::Monitor::Process *process);
    void processRemoved();
    void loopAdded(Flywheel::Monitor::Loop *loop);
    void stateChanged(Flywheel::Monitor::Process *process);
    void healthChanged(Flywheel::Monitor::Loop *loop, Flywheel::Monitor::Health before,
                       Flywheel::Monitor::Health after);
    /// New frames have been taken, or a program is silent and time goes on; at most 20 times a second.
    void updated();
    /// A recording was opened or closed: the processes are others.
    void replayChanged();
    /// Recording began, ended, or broke off: \a error says why, for people; empty otherwise.
    void recordingChanged(const QString &error);

private:
    Process &add(const Telemetry::Publisher &publisher, Process::State state);
    void follow(Process &process);
    void remove(Process &process);
    void removeAll();
    void appear(const Telemetry::Publisher &publisher);
    void disappear(const Telemetry::Publisher &publisher);
    void attachIfAwaited(Process &process);
    void askForName(Process &process);
    bool isRestarted(const Process &process) const;
    void lookForSilence();
    void noteUpdate();
    void record(const Process &process, const Telemetry::Frame &frame);
    void endRecording(const QString &error);
    void playInto(const Replay &replay);
    void followPosition();

    Discovery m_discovery;
    bool m_discovering = false;
    bool m_attachToAll = false;
    QStringList m_awaited;
    std::chrono::milliseconds m_interval = Telemetry::DefaultInterval;
    std::vector<std::unique_ptr<Process>> m_processes;
    quint64 m_lastSerial = 0;
    mutable QPointer<Loop> m_namedLast; ///< steadies what is said, and changes nothing else
    std::unique_ptr<Recorder> m_recorder;
    std::unique_ptr<Replay> m_replay;
    std::map<qint64, Process *> m_recorded; ///< by row
    QTimer m_update;
    QTimer m_silenceWatch;
};

} // namespace Flywheel::Monitor
