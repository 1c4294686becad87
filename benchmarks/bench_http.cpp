// SPDX-License-Identifier: MIT
// A server of QtHttpServer under wrk, which keeps 16 connections busy, beside idle connections. Everything is
// counted in the server, between two requests of a run that is on its way, so that wrk's start does not
// matter.
#include "descriptors.h"
#include "scenario.h"
#include "tcpclient.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstandardpaths.h>
#include <QtHttpServer/qhttpserver.h>
#include <QtNetwork/qtcpserver.h>

#include <csignal>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

constexpr int busyConnections = 16;

/// Says when all connections are there; what they are for is QHttpServer's business.
class Listener : public QTcpServer
{
public:
    Listener(int expectedConnections, QObject *parent) : QTcpServer(parent), m_missing(expectedConnections)
    {
        setListenBacklogSize(expectedConnections + busyConnections);
        setMaxPendingConnections(expectedConnections + busyConnections);
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen: %s", qPrintable(errorString()));
    }

    void waitForConnections()
    {
        if (m_missing > 0)
            m_loop.exec();
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        QTcpServer::incomingConnection(descriptor);
        if (--m_missing == 0)
            m_loop.quit();
    }

private:
    QEventLoop m_loop;
    int m_missing;
};

class Server
{
public:
    explicit Server(int idleConnections) : m_listener(new Listener(idleConnections, &m_http))
    {
        m_http.route(u"/"_s, [this] { return answer(); });
        m_http.bind(m_listener);
    }

    quint16 port() const { return m_listener->serverPort(); }
    void waitForConnections() { m_listener->waitForConnections(); }

    /// Returns when so many requests have been answered.
    void answerSome(qint64 requests)
    {
        m_left = requests;
        m_loop.exec();
    }

private:
    QString answer()
    {
        if (--m_left == 0)
            m_loop.quit();
        return u"Hello, World!"_s;
    }

    QHttpServer m_http;
    Listener *m_listener;
    QEventLoop m_loop;
    qint64 m_left = 0;
};

/// Not a QProcess object, which would have notifiers in the loop that is measured.
class Wrk
{
public:
    explicit Wrk(quint16 port)
    {
        const QString url = u"http://127.0.0.1:%1/"_s.arg(port);
        QProcess wrk;
        wrk.setProgram(u"wrk"_s);
        // It is ended when the measurement is over. The duration is for one that is not.
        wrk.setArguments(
            {u"--threads=1"_s, u"--connections=%1"_s.arg(busyConnections), u"--duration=60s"_s, url});
        wrk.setStandardOutputFile(QProcess::nullDevice());
        if (!wrk.startDetached(&m_pid))
            qFatal("wrk can't be started");
    }

    ~Wrk() { kill(pid_t(m_pid), SIGKILL); } // fails only if it has ended already

    Wrk(const Wrk &) = delete;
    Wrk &operator=(const Wrk &) = delete;

private:
    qint64 m_pid = 0;
};

Measurements serve(const Setting &setting)
{
    reserveDescriptors(setting.size + busyConnections);
    Server server(setting.size);
    if (setting.size > 0)
        TcpClient::start({.port = server.port(), .active = 0, .idle = setting.size});
    server.waitForConnections();
    const Wrk wrk(server.port());
    Setting longer = setting;
    longer.budget *= 4; // wrk shares the machine's cores with the server: more noise than elsewhere
    Measurements result = measureOperations(longer, [&](qint64 requests) { server.answerSome(requests); });
    if (!result.isEmpty())
        result[u"requestsPerSecond"_s] = 1e9 / result.value(u"operationNs"_s);
    return result;
}

QString wrkObstacle()
{
    return QStandardPaths::findExecutable(u"wrk"_s).isEmpty() ? u"no program wrk"_s : QString();
}

const RegisterScenario httpServer({.name = "http/16-connections",
                                   .measure = serve,
                                   .sizes = {0, 1'000, 5'000},
                                   .systemCalls = Trace::MainThread,
                                   .obstacle = wrkObstacle});

} // namespace

} // namespace Flywheel::Bench
