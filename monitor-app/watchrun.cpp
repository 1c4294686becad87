// SPDX-License-Identifier: MIT
#include "watchrun.h"

#include "commandline.h"
#include "livetarget.h"
#include "model/format.h"
#include "model/report.h"
#include "model/session.h"
#include "targetcheck.h"
#include "terminal.h"

#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qjsondocument.h>

#include <algorithm>
#include <utility>

namespace Flywheel::Monitor {

namespace {

using namespace std::chrono_literals;

/// A script may start program and monitor at once.
constexpr std::chrono::milliseconds Grace = 10s;
/// Whoever reaches it may have to give a password first.
constexpr std::chrono::milliseconds RemoteGrace = 120s;
constexpr std::chrono::milliseconds LookInterval = 100ms;

enum ExitCode { Kept = 0, Failed = 1, LimitBroken = 3, NotMeasured = TargetCheck::CanNotWatch };

void complain(const QString &text)
{
    print(stderr, QStringLiteral("flywheel-monitor: %1\n").arg(text));
}

/// Whether the file can be made is known for certain only when it is made, which may be much later.
QString whyNotToBeWritten(const QString &file)
{
    const QFileInfo folder(QFileInfo(file).path());
    if (file.isEmpty() || (folder.isDir() && folder.isWritable()))
        return {};
    return QStringLiteral("cannot write %1: its folder %2; choose another file")
        .arg(file,
             folder.isDir() ? QStringLiteral("may not be written to") : QStringLiteral("does not exist"));
}

/// One watch, from the first figures to the end.
class Watch : public QObject
{
public:
    explicit Watch(const CommandLine &line)
        : m_line(line)
        , m_target(line)
        , m_grace(line.relay.isEmpty() ? Grace : RemoteGrace)
    {
        connect(&m_look, &QTimer::timeout, this, &Watch::look);
        connect(&m_session, &Session::recordingChanged, this, [this](const QString &error) {
            if (!error.isEmpty())
                fail(error);
        });
        connect(&m_session, &Session::stateChanged, this,
                [this](const Process *process) { recordFirst(*process); });
    }

    /// Returns false, and has said why, if there is nothing to watch.
    bool begin();
    /// The exit code.
    int run()
    {
        callWhenAskedToEnd([this] {
            m_isInterrupted = m_line.duration.has_value();
            finish(QStringLiteral("ended by hand"));
        });
        return QCoreApplication::exec();
    }

private:
    void look();
    void lookAtPrograms();
    void lookElsewhere();
    bool haveAllEnded() const;
    TimeSpan measuredSpan() const;
    void finish(const QString &cause);
    void fail(const QString &error);
    void end(int code);
    int judge(const Report &report) const;
    void recordFirst(const Process &process);

    const CommandLine &m_line;
    LiveTarget m_target;
    Session m_session;
    std::optional<TargetCheck> m_check;
    QTimer m_look;
    QDeadlineTimer m_grace;
    std::optional<Time> m_begin; ///< of live programs: the first moment about which something is known
    QDeadlineTimer m_end{QDeadlineTimer::Forever};
    bool m_isOver = false;
    bool m_hasFailed = false;
    bool m_isInterrupted = false;
};

bool Watch::begin()
{
    QString problem;
    if (!m_line.recording.isEmpty()) {
        problem = m_session.openRecording(m_line.recording);
        if (problem.isEmpty())
            m_session.replay()->seek(m_session.replay()->span().end);
    } else {
        problem = whyNotToBeWritten(m_line.record);
        if (!m_target.isElsewhere())
            m_session.startDiscovery();
        if (m_target.isAny())
            m_session.attachToAll();
        if (problem.isEmpty())
            problem = m_target.attach(m_session);
        m_check.emplace(m_session, m_line.target, Grace);
        if (m_target.relay()) {
            connect(m_target.relay(), &Relay::commandFailed, this, [this] {
                if (!m_begin)
                    finish(QStringLiteral("the command to reach the program failed"));
            });
        }
    }
    if (!problem.isEmpty()) {
        complain(problem);
        return false;
    }
    m_look.start(LookInterval);
    return true;
}

void Watch::look()
{
    if (!m_session.replay())
        lookAtPrograms();
    else if (!m_session.replay()->isLoading())
        finish({});
}

void Watch::lookAtPrograms()
{
    if (!m_begin) {
        for (const Loop *loop : m_session.loops()) {
            if (!loop->history().isEmpty())
                m_begin = std::min(m_begin.value_or(Time::max()), loop->history().span().begin);
        }
        if (m_begin && m_line.duration)
            m_end = QDeadlineTimer(*m_line.duration);
        if (!m_begin && m_target.isElsewhere())
            lookElsewhere();
        else if (!m_begin && m_target.isAny() && m_grace.hasExpired())
            finish(QStringLiteral("no program publishes its loops"));
    } else if (m_end.hasExpired()) {
        finish({});
    } else if (haveAllEnded()) {
        finish(QStringLiteral("the program ended, or stopped publishing,"));
    }
}

/// A program elsewhere that has not answered yet.
void Watch::lookElsewhere()
{
    const Process &process = *m_session.processes().front();
    const bool isRefused =
        process.state() == Process::State::Refused || process.state() == Process::State::VersionMismatch;
    if (isRefused || m_grace.hasExpired())
        finish(process.reason().isEmpty()
                   ? QStringLiteral("the program does not answer")
                   : QStringLiteral("the program cannot be watched: ") + process.reason());
}

bool Watch::haveAllEnded() const
{
    return std::all_of(m_session.processes().begin(), m_session.processes().end(), [](const auto &process) {
        return process->loops().empty() || process->state() == Process::State::Ended;
    });
}

TimeSpan Watch::measuredSpan() const
{
    if (m_session.replay())
        return m_line.partOf(*m_session.replay());
    return {m_begin.value_or(Time()), m_session.now()};
}

/// \a cause: why earlier than asked for; empty: it is not.
void Watch::finish(const QString &cause)
{
    if (std::exchange(m_isOver, true))
        return;
    m_look.stop();
    m_session.stopRecording();
    const TimeSpan span = measuredSpan();
    if (!cause.isEmpty() && !m_begin)
        complain(cause);
    else if (!cause.isEmpty())
        complain(QStringLiteral("%1 after %2")
                     .arg(cause, Format::interval(std::chrono::round<std::chrono::seconds>(span.length()))));
    const Report report(m_session, span, m_line.limits);
    const bool isWritten =
        print(stdout, m_line.json ? QString::fromUtf8(QJsonDocument(report.json()).toJson()) : report.text());
    if (!isWritten)
        complain(QStringLiteral("cannot write the figures to the standard output"));
    end(isWritten ? judge(report) : Failed);
}

/// Once there is something to record: an older recording of that name stays if there is nothing.
void Watch::recordFirst(const Process &process)
{
    if (m_line.record.isEmpty() || m_session.recorder() || m_isOver ||
        process.state() != Process::State::Connecting)
        return;
    if (const QString problem = m_session.startRecording(m_line.record); !problem.isEmpty())
        fail(problem);
}

void Watch::fail(const QString &error)
{
    complain(error);
    m_hasFailed = true;
    finish({});
}

/// Perhaps before the event loop runs.
void Watch::end(int code)
{
    const auto exit = [code = m_hasFailed ? int(Failed) : code] { QCoreApplication::exit(code); };
    QMetaObject::invokeMethod(this, exit, Qt::QueuedConnection);
}

int Watch::judge(const Report &report) const
{
    if (report.isAnyBroken())
        return LimitBroken;
    if (m_isInterrupted)
        return Failed; // the limits may have been broken later
    if (report.isAnyNotMeasured())
        complain(QStringLiteral(
            "a limit is about something that was not measured; the figures above say what was"));
    else if (report.isEmpty() && m_begin)
        complain(QStringLiteral("nothing was measured"));
    return report.isAnyNotMeasured() || report.isEmpty() ? NotMeasured : Kept;
}

} // namespace

int runWatch(int argc, char **argv, const CommandLine &line)
{
    Flywheel::install();
    const QCoreApplication app(argc, argv);
    Watch watch(line);
    return watch.begin() ? watch.run() : Failed;
}

} // namespace Flywheel::Monitor
