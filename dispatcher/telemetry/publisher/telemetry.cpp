// SPDX-License-Identifier: MIT
#include <flywheel/telemetry.h>

#include "base/internalthread.h"
#include "base/logging.h"
#include "metrics/registry.h"
#include "platform/forkcounter.h"
#include "platform/signalmask.h"
#include "telemetry/publisher/telemetryserver.h"

#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qvariant.h>

#include <cstdlib>
#include <memory>
#include <utility>

namespace Flywheel {

namespace {

using namespace Telemetry;

/// What runs. Never deleted in the child of a fork(2), where its thread does not exist and can't be waited
/// for.
struct Running
{
    QThread thread;
    std::unique_ptr<TelemetryServer> server; ///< in that thread, once it has started
    TelemetryOptions options;
    ProcessMark mark;
    bool hasThread = false;
};

Running *s_running = nullptr;

bool isRunning()
{
    return s_running && s_running->mark.isSameProcess();
}

ProcessInfo thisProcess(const TelemetryOptions &options)
{
    ProcessInfo process;
    process.processId = static_cast<std::uint64_t>(QCoreApplication::applicationPid());
    process.name =
        (options.name.isEmpty() ? QCoreApplication::applicationName() : options.name).toStdString();
    process.executable = QCoreApplication::applicationFilePath().toStdString();
    process.qtVersion = qVersion();
    process.flywheelVersion = FLYWHEEL_VERSION_STR;
    process.startedAt = std::chrono::system_clock::now();
    return process;
}

/// For both ends: that of the application object, and exit(3) without it, before static objects go that
/// snapshots need.
void stopAtTheEnd()
{
    static bool s_registered = false;
    if (!std::exchange(s_registered, true))
        std::atexit(stopTelemetry);
    qAddPostRoutine(stopTelemetry);
}

bool refuse(const QString &reason)
{
    static QString s_told;
    // No warning: the program can do nothing about it, and QT_FATAL_WARNINGS would end it.
    if (std::exchange(s_told, reason) != reason)
        qCInfo(lcTelemetry, "flywheel-monitor cannot watch this program: %ls", qUtf16Printable(reason));
    return false;
}

bool isMainThread()
{
    const QCoreApplication *const application = QCoreApplication::instance();
    return application && application->thread() == QThread::currentThread();
}

/// From now on the server answers. Not earlier than the program's first loop: until then it may do what only
/// a process with one thread may, unshare(2) for example, or go on in a child of fork(2).
void startThread()
{
    if (!isMainThread() || !isRunning() || s_running->hasThread)
        return;
    s_running->hasThread = true; // install() leads here again
    QThread &thread = s_running->thread;
#ifdef Q_OS_UNIX // Qt's own ones end the program there if they get no descriptors
    install(thread, Options{.mode = Mode::Owner, .metrics = false});
#endif
    {
        const SignalsBlocked guard;
        thread.start();
    }
    if (!thread.isRunning()) {
        s_running->hasThread = false;
        refuse(QStringLiteral("no thread could be started"));
        stopTelemetry();
        return;
    }
    TelemetryServer *const server = s_running->server.get();
    server->moveToThread(&thread);
    QMetaObject::invokeMethod(server, &TelemetryServer::begin, Qt::QueuedConnection);
}

/// The child of a fork(2) whose loop runs publishes itself as its parent did.
void startAgainAfterFork()
{
    if (!s_running || s_running->mark.isSameProcess() || !isMainThread())
        return;
    startTelemetry(s_running->options);
}

bool s_loopHasRun = false;

void onFirstPass()
{
    s_loopHasRun = true;
    startAgainAfterFork();
    startThread();
}

/// Among the first things of the first pass, so that a program that hangs in a handler can be looked at.
void startThreadWithTheLoop()
{
    if (s_loopHasRun || QThread::currentThread()->loopLevel() > 0)
        startThread();
    else
        QMetaObject::invokeMethod(QCoreApplication::instance(), onFirstPass, Qt::QueuedConnection);
}

void startIfAsked()
{
    if (qgetenv("FLYWHEEL_TELEMETRY") == "1")
        startTelemetry();
}

} // namespace

bool startTelemetry(const TelemetryOptions &options)
{
    if (isRunning())
        return true;
    if (!QCoreApplication::instance()) {
        qCWarning(
            lcTelemetry,
            "startTelemetry: there is no application object; call startTelemetry() after you construct it");
        return false;
    }
    auto running = std::make_unique<Running>();
    running->options = options;
    running->server = std::make_unique<TelemetryServer>(
        PublishingOptions{.process = thisProcess(options), .source = snapshots});
    if (const QString reason = running->server->open(); !reason.isEmpty())
        return refuse(reason);
    running->thread.setObjectName(QLatin1String(ThreadName));
    running->thread.setProperty(InternalThreadProperty, true);
    s_running = running.release(); // a parent's is left alone
    setProcessHooks({.threadStarts = startThread, .forked = startAgainAfterFork});
    stopAtTheEnd();
    startThreadWithTheLoop();
    return isRunning();
}

void stopTelemetry()
{
    if (!isRunning())
        return;
    const std::unique_ptr<Running> running(std::exchange(s_running, nullptr));
    if (!running->hasThread)
        return;
    // Windows tells the thread that began to listen, this one as a rule, of the end of what it began, and
    // writes into Qt's listener for it: gone too early if another thread deletes it.
    TelemetryServer *server = running->server.get();
    QObject::connect(&running->thread, &QThread::finished, server, [server, here = QThread::currentThread()] {
        server->finish();
        server->moveToThread(here);
    });
    running->thread.quit();
    running->thread.wait();
}

Q_COREAPP_STARTUP_FUNCTION(startIfAsked)

} // namespace Flywheel
