// SPDX-License-Identifier: MIT
// Requests answered by QTcpSocket, beside idle connections. The client is a process of its own that uses bare
// system calls, so that it is the same for every lane and outside what is counted.
#include "descriptors.h"
#include "scenario.h"
#include "tcpclient.h"

#include <QtCore/qeventloop.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

class Server : public QTcpServer
{
public:
    explicit Server(int expectedConnections) : m_missing(expectedConnections)
    {
        setListenBacklogSize(expectedConnections);
        setMaxPendingConnections(expectedConnections);
        connect(this, &QTcpServer::pendingConnectionAvailable, this, &Server::take);
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen: %s", qPrintable(errorString()));
    }

    /// Returns when all connections are there.
    void waitForConnections() { m_loop.exec(); }

    /// Returns when so many requests have been answered.
    void answer(qint64 requests)
    {
        m_left = requests;
        m_loop.exec();
    }

private:
    void take()
    {
        while (QTcpSocket *socket = nextPendingConnection()) {
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { reply(socket); });
            if (--m_missing == 0)
                m_loop.quit();
        }
    }

    void reply(QTcpSocket *socket)
    {
        for (; socket->bytesAvailable() >= TcpClient::requestBytes; --m_left) {
            socket->read(m_request.data(), TcpClient::requestBytes);
            socket->write(m_answer);
        }
        if (m_left <= 0)
            m_loop.quit();
    }

    QEventLoop m_loop;
    QByteArray m_request = QByteArray(TcpClient::requestBytes, Qt::Uninitialized);
    const QByteArray m_answer = QByteArray(TcpClient::answerBytes, 'a');
    int m_missing;
    qint64 m_left = 0;
};

Measurements serve(const Setting &setting, int clients)
{
    const int connections = clients + setting.size;
    reserveDescriptors(connections);
    Server server(connections);
    TcpClient::start({.port = server.serverPort(), .active = clients, .idle = setting.size});
    server.waitForConnections();
    Measurements result = measureOperations(setting, [&](qint64 requests) { server.answer(requests); });
    if (!result.isEmpty())
        result[u"requestsPerSecond"_s] = 1e9 / result.value(u"operationNs"_s);
    return result;
}

Measurements oneClient(const Setting &setting)
{
    return serve(setting, 1);
}
Measurements sixteenClients(const Setting &setting)
{
    return serve(setting, 16);
}

const RegisterScenario tcpOneClient({.name = "tcp/1-client",
                                     .measure = oneClient,
                                     .sizes = {0, 5'000},
                                     .systemCalls = Trace::MainThread,
                                     .instructions = true,
                                     .largestCounted = 0});
const RegisterScenario tcpSixteenClients({.name = "tcp/16-clients",
                                          .measure = sixteenClients,
                                          .sizes = {0, 5'000},
                                          .systemCalls = Trace::MainThread,
                                          .largestCounted = 0});

} // namespace

} // namespace Flywheel::Bench
