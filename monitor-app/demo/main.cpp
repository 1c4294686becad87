// SPDX-License-Identifier: MIT
#include "echoservice.h"
#include "reportgenerator.h"
#include "table.h"
#include "workerpool.h"
#include "workload.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>
#include <flywheel/metrics.h>
#include <flywheel/telemetry.h>

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <memory>
#include <vector>

using namespace Flywheel::Demo;

namespace {

constexpr int ClientCount = 8;

/// The echo service's own thread: a second loop.
class ServerThread : public QThread
{
public:
    quint16 startAndListen()
    {
        setObjectName(QStringLiteral("echo"));
        Flywheel::install(*this);
        m_server.moveToThread(this);
        start();
        bool listening = false;
        QMetaObject::invokeMethod(
            &m_server, [&] { listening = m_server.listen(); }, Qt::BlockingQueuedConnection);
        return listening ? m_server.port() : 0;
    }

private:
    EchoServer m_server;
};

/// How many seconds to run; 0: until interrupted.
int parseSeconds(const QStringList &arguments)
{
    const QCommandLineOption seconds(QStringLiteral("seconds"), QStringLiteral("End after <n> seconds."),
                                     QStringLiteral("n"), QStringLiteral("0"));
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("A busy little program on Flywheel: a TCP echo service, "
                                                    "timers, posted events, a worker pool, and a slot "
                                                    "that blocks. Watch it with flywheel-monitor."));
    parser.addHelpOption();
    parser.addOption(seconds);
    parser.process(arguments);

    bool valid = false;
    const int value = parser.value(seconds).toInt(&valid);
    if (!valid || value < 0) {
        qWarning("flywheel-demo: --seconds wants a number that is not negative");
        std::exit(2);
    }
    return value;
}

} // namespace

int main(int argc, char **argv)
{
    Flywheel::install();
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("flywheel-demo"));
    const int seconds = parseSeconds(app.arguments());
    Flywheel::attributePostedEvents(true);
    Flywheel::startTelemetry();

    ServerThread server;
    const quint16 port = server.startAndListen();
    std::vector<std::unique_ptr<EchoClient>> clients;
    for (int i = 0; port && i < ClientCount; ++i)
        clients.push_back(std::make_unique<EchoClient>(port, nullptr));

    Workload workload;
    ReportGenerator reports;
    WorkerPool workers;
    QTimer second;
    QElapsedTimer elapsed;
    double cpuBefore = processCpuSeconds();
    int rows = 0;
    QObject::connect(&second, &QTimer::timeout, &app, [&] {
        Row row{
            .workload = workload.takeFigures(), .jobs = workers.takeJobs(), .reports = reports.takeReports()};
        for (const auto &client : clients)
            row.roundTrips += client->takeRoundTrips();
        const double cpu = processCpuSeconds();
        row.cpuSeconds = cpu - cpuBefore;
        row.seconds = static_cast<double>(elapsed.nsecsElapsed()) / 1e9;
        printRow(row);
        cpuBefore = cpu;
        elapsed.restart();
        if (++rows == seconds)
            app.quit();
    });
    printHeader();
    elapsed.start();
    second.start(1000);
    const int result = port ? app.exec() : 1;

    clients.clear();
    server.quit();
    server.wait();
    return result;
}
