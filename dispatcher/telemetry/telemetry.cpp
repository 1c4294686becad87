// SPDX-License-Identifier: MIT
#include <flywheel/telemetry.h>

#include "telemetry/telemetryserver.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qvariant.h>

#include <cstdlib>
#include <memory>

namespace Flywheel {

namespace {

using namespace Telemetry;

/// What runs. Never deleted in the child of a fork(2), where its thread does not exist and can't be waited
/// for.
struct Running
{
    QThread thread;
    std::unique_ptr<TelemetryServer> server; ///< in that thread
    qint64 process = QCoreApplication::applicationPid();
};

Running *s_running = nullptr;

bool isRunning()
{
    return s_running && s_running->process == QCoreApplication::applicationPid();
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
    qWarning("Flywheel::startTelemetry: not publishing: %ls", qUtf16Printable(reason));
    return false;
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
    if (!QCoreApplication::instance())
        return refuse(QStringLiteral("there is no application object yet"));
    auto server = std::make_unique<TelemetryServer>(
        PublishingOptions{.process = thisProcess(options), .source = snapshots});
    if (const QString reason = server->listen(); !reason.isEmpty())
        return refuse(reason);

    auto running = std::make_unique<Running>();
    QThread &thread = running->thread;
    thread.setObjectName(QLatin1String(ThreadName));
    thread.setProperty("flywheelInternal", true); // flywheel-run leaves it to Qt: it is none of the program's
    server->moveToThread(&thread);
    thread.start();
    if (!thread.isRunning())
        return refuse(QStringLiteral("no thread could be started"));
    running->server = std::move(server);
    s_running = running.release();
    stopAtTheEnd();
    return true;
}

void stopTelemetry()
{
    if (!isRunning())
        return;
    // Windows tells the thread that began to listen, this one as a rule, of the end of what it began, and
    // writes into Qt's listener for it: gone too early if another thread deletes it.
    TelemetryServer *server = s_running->server.get();
    QObject::connect(&s_running->thread, &QThread::finished, server,
                     [server, here = QThread::currentThread()] {
                         server->finish();
                         server->moveToThread(here);
                     });
    s_running->thread.quit();
    s_running->thread.wait();
    delete std::exchange(s_running, nullptr);
}

Q_COREAPP_STARTUP_FUNCTION(startIfAsked)

} // namespace Flywheel
