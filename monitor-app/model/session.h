// SPDX-License-Identifier: MIT
#pragma once

#include "discovery.h"
#include "handlerreader.h"
#include "process.h"
#include "recentframes.h"
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

/// All that a window shows: the processes of this user that publish, with the loops of those it is attached
/// to, or the contents of a recording. It goes on collecting while a view is paused, because only the view
/// pauses.
class Session : public QObject
{
    Q_OBJECT

public:
    /// The shortest time between two updated().
    static constexpr std::chrono::milliseconds UpdateInterval{50};

    explicit Session(QObject *parent = nullptr);
    ~Session() override;

    /// Begins to look for programs that publish. They are listed as Available.
    void startDiscovery();

    /// The processes in the order in which they were found.
    const std::vector<std::unique_ptr<Process>> &processes() const { return m_processes; }
    /// All loops of all processes.
    std::vector<Loop *> loops() const;
    /// Returns the first process of that name or id (Process::isCalled()) that has not ended, or null.
    Process *find(const QString &pidOrName) const;
    /// Returns all processes of that name or id that have not ended.
    std::vector<Process *> findAll(const QString &pidOrName) const;

    void attach(Process &process);
    /// Attaches to the program of that process id or name, at once or when it appears. If the file of a
    /// program has another name, the session asks the program for its own name, because the file of a script
    /// is its interpreter. When an attached program has ended and one of the same name appears, the session
    /// attaches to that one.
    void attachWhenFound(const QString &pidOrName);
    /// Attaches to the program behind a socket: one that was forwarded from elsewhere, or that of a Relay. \a
    /// place says where the program is, for people.
    void attachToSocket(const QString &socketPath, const QString &place);
    /// Shows a program that has died, as its journals tell of it.
    Process &showCrash(const RecordedProcess &crash);
    /// Attaches to all programs, and to all that appear later; for `--text`.
    void attachToAll();
    /// The names that attachWhenFound() still waits for.
    QStringList awaited() const { return m_awaited; }
    /// The loop that the last verdict was about, for the next verdict; null if none.
    const Loop *namedLast() const { return m_namedLast; }
    void setNamedLast(Loop *loop) const { m_namedLast = loop; }
    /// Reads the single handlers of these loops from now on, where they can be read (HandlerReader).
    void followHandlers(const QList<Loop *> &loops) { m_handlers.follow(loops); }
    /// Makes the process Available again, and removes its loops and histories.
    void detach(Process &process);
    /// Removes a process that has ended, or detaches from one that publishes.
    void close(Process &process);
    /// Sets the interval of frames from now on.
    void setInterval(std::chrono::milliseconds interval);

    /// Shows a recording instead of live programs. Returns an empty string, or for people why that failed.
    QString openRecording(const QString &path);
    /// Shows live programs again.
    void closeRecording();
    /// Null unless a recording is shown.
    Replay *replay() const { return m_replay.get(); }

    /// Records all frames that arrive from now on. Returns an empty string, or for people why that failed.
    QString startRecording(const QString &path);
    void stopRecording();
    /// What was received in the last ten minutes of the live programs that were not closed.
    const RecentFrames &recent() const { return m_recent; }
    /// Null unless recording.
    const Recorder *recorder() const { return m_recorder.get(); }

    /// The latest time about which something is known: the right edge of live charts. In a replay, its
    /// position.
    Time now() const;
    /// The wall clock at \a time, for labels.
    WallTime wallAt(Time time) const;

Q_SIGNALS:
    void processAdded(Flywheel::Monitor::Process *process);
    /// Its loops still exist. Forget them now.
    void processAboutToBeRemoved(Flywheel::Monitor::Process *process);
    void processRemoved();
    void loopAdded(Flywheel::Monitor::Loop *loop);
    void stateChanged(Flywheel::Monitor::Process *process);
    void healthChanged(Flywheel::Monitor::Loop *loop, Flywheel::Monitor::Health before,
                       Flywheel::Monitor::Health after);
    /// New frames were taken, or time goes on while a program is silent. Emitted at most 20 times a second.
    void updated();
    /// A recording was opened or closed, so the processes are other ones.
    void replayChanged();
    /// Recording began or ended. If it ended because of an error, \a error says why, for people; otherwise it
    /// is empty.
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
    void recordHandlers(const Loop &loop, const HandlerBatch &batch);
    void endRecording(const QString &error);
    void playInto(const Replay &replay);
    void followPosition();

    Discovery m_discovery;
    bool m_discovering = false;
    bool m_attachToAll = false;
    QStringList m_awaited;
    std::chrono::milliseconds m_interval = Telemetry::DefaultInterval;
    HandlerReader m_handlers; ///< outlives the loops, of whose end it is told
    std::vector<std::unique_ptr<Process>> m_processes;
    quint64 m_lastSerial = 0;
    mutable QPointer<Loop>
        m_namedLast; ///< so that the verdict does not jump between loops; changes nothing else
    RecentFrames m_recent;
    std::unique_ptr<Recorder> m_recorder;
    std::unique_ptr<Replay> m_replay;
    std::map<qint64, Process *> m_recorded; ///< by row
    QTimer m_update;
    QTimer m_silenceWatch;
};

} // namespace Flywheel::Monitor
