// SPDX-License-Identifier: MIT
// Qt's own users of notifiers: TCP, UDP and local sockets.
#include "parityloop.h"

#include <QtCore/quuid.h>
#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qlocalserver.h>
#include <QtNetwork/qlocalsocket.h>
#include <QtNetwork/qnetworkdatagram.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtNetwork/qudpsocket.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>
#include <optional>
#include <vector>

using namespace Flywheel::Test;

class tst_ParityNetwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void tcpEcho_data();
    void tcpEcho();
    void tcpManyClients();
    void tcpRequestAndAnswer();
    void tcpPeerCloses();
    void tcpConnectionRefused();
    void tcpSlowReader();
    void tcpBlockingCalls();
    void udpExchange();
    void localEcho();
    void localServerClosesWhileConnected();

private:
    /// Sends back whatever comes.
    template <typename Server>
    void echo(Server &server)
    {
        connect(&server, &Server::newConnection, this, [&server] {
            auto *socket = server.nextPendingConnection();
            connect(socket, &QIODevice::readyRead, socket, [socket] { socket->write(socket->readAll()); });
            connect(socket, &std::remove_pointer_t<decltype(socket)>::disconnected, socket,
                    &QObject::deleteLater);
        });
    }
    static QByteArray pattern(qsizetype size)
    {
        QByteArray bytes(size, Qt::Uninitialized);
        for (qsizetype i = 0; i < size; ++i)
            bytes[i] = static_cast<char>(i * 7 + i / 251);
        return bytes;
    }

    std::optional<ParityLoop> m_loop;
};

void tst_ParityNetwork::tcpEcho_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("1 byte") << 1;
    QTest::newRow("64 KiB") << 65'536;
    QTest::newRow("4 MiB") << 4'194'304; // more than the kernel buffers: both sides have to wait
}

void tst_ParityNetwork::tcpEcho()
{
    QFETCH(int, size);
    QTcpServer server;
    echo(server);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket client;
    QByteArray received;
    connect(&client, &QIODevice::readyRead, this, [&] { received += client.readAll(); });
    client.connectToHost(QHostAddress::LocalHost, server.serverPort());
    client.write(pattern(size));
    m_loop->runUntil([&] { return received.size() >= size; });
    QVERIFY(received == pattern(size));
}

void tst_ParityNetwork::tcpManyClients()
{
    QTcpServer server;
    echo(server);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    std::vector<std::unique_ptr<QTcpSocket>> clients;
    int answered = 0;
    for (int i = 0; i < 50; ++i) {
        auto &client = clients.emplace_back(std::make_unique<QTcpSocket>());
        connect(client.get(), &QIODevice::readyRead, this,
                [&answered, socket = client.get()] { answered += socket->readAll() == "hello"; });
        client->connectToHost(QHostAddress::LocalHost, server.serverPort());
        client->write("hello");
    }
    m_loop->runUntil([&] { return answered == 50; });
}

void tst_ParityNetwork::tcpRequestAndAnswer()
{
    // The write notifier is enabled and disabled for each request.
    QTcpServer server;
    echo(server);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket client;
    int answers = 0;
    connect(&client, &QIODevice::readyRead, this, [&] {
        client.readAll();
        if (++answers < 500)
            client.write("x");
    });
    client.connectToHost(QHostAddress::LocalHost, server.serverPort());
    client.write("x");
    m_loop->runUntil([&] { return answers == 500; });
}

void tst_ParityNetwork::tcpPeerCloses()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = server.nextPendingConnection();
        socket->write("bye");
        socket->disconnectFromHost();
    });
    QTcpSocket client;
    const QSignalSpy disconnected(&client, &QTcpSocket::disconnected);
    client.connectToHost(QHostAddress::LocalHost, server.serverPort());
    m_loop->runUntil([&] { return !disconnected.isEmpty(); });
    QCOMPARE(client.readAll(), QByteArray("bye"));
    QCOMPARE(client.state(), QAbstractSocket::UnconnectedState);
}

void tst_ParityNetwork::tcpConnectionRefused()
{
    quint16 port = 0;
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        port = server.serverPort();
    }
    QTcpSocket client;
    const QSignalSpy errors(&client, &QTcpSocket::errorOccurred);
    client.connectToHost(QHostAddress::LocalHost, port);
    m_loop->runUntil([&] { return !errors.isEmpty(); });
    QCOMPARE(client.error(), QAbstractSocket::ConnectionRefusedError);
}

void tst_ParityNetwork::tcpSlowReader()
{
    // A full receive buffer: QAbstractSocket disables its read notifier until the program reads.
    QTcpServer server;
    QTcpSocket *receiver = nullptr;
    connect(&server, &QTcpServer::newConnection, this, [&] {
        receiver = server.nextPendingConnection();
        receiver->setReadBufferSize(1024);
    });
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket sender;
    sender.connectToHost(QHostAddress::LocalHost, server.serverPort());
    const QByteArray sent = pattern(100'000);
    sender.write(sent);
    QByteArray received;
    m_loop->runUntil([&] {
        if (receiver && receiver->bytesAvailable())
            received += receiver->read(1024);
        return received.size() == sent.size();
    });
    QVERIFY(received == sent);
}

void tst_ParityNetwork::tcpBlockingCalls()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, server.serverPort());
    QVERIFY(client.waitForConnected(5000));
    QVERIFY(server.waitForNewConnection(5000));
    QTcpSocket *peer = server.nextPendingConnection();
    peer->write("data");
    QVERIFY(peer->waitForBytesWritten(5000));
    QVERIFY(client.waitForReadyRead(5000));
    QCOMPARE(client.readAll(), QByteArray("data"));
    // And back in the loop.
    QByteArray received;
    connect(&client, &QIODevice::readyRead, this, [&] { received += client.readAll(); });
    peer->write("more");
    m_loop->runUntil([&] { return received == "more"; });
}

void tst_ParityNetwork::udpExchange()
{
    QUdpSocket first;
    QUdpSocket second;
    QVERIFY(first.bind(QHostAddress::LocalHost));
    QVERIFY(second.bind(QHostAddress::LocalHost));
    int received = 0;
    connect(&second, &QUdpSocket::readyRead, this, [&] {
        while (second.hasPendingDatagrams()) {
            const QNetworkDatagram datagram = second.receiveDatagram();
            second.writeDatagram(datagram.makeReply(datagram.data()));
        }
    });
    connect(&first, &QUdpSocket::readyRead, this, [&] {
        while (first.hasPendingDatagrams()) {
            QCOMPARE(first.receiveDatagram().data(), QByteArray("ping"));
            if (++received < 20)
                first.writeDatagram("ping", QHostAddress::LocalHost, second.localPort());
        }
    });
    first.writeDatagram("ping", QHostAddress::LocalHost, second.localPort());
    m_loop->runUntil([&] { return received == 20; });
}

void tst_ParityNetwork::localEcho()
{
    QLocalServer server;
    echo(server);
    QVERIFY(server.listen(QStringLiteral("flywheel-") + QUuid::createUuid().toString(QUuid::Id128)));
    QLocalSocket client;
    QByteArray received;
    connect(&client, &QIODevice::readyRead, this, [&] { received += client.readAll(); });
    client.connectToServer(server.serverName());
    const QByteArray sent = pattern(1'000'000);
    client.write(sent);
    m_loop->runUntil([&] { return received.size() >= sent.size(); });
    QVERIFY(received == sent);
}

void tst_ParityNetwork::localServerClosesWhileConnected()
{
    auto server = std::make_unique<QLocalServer>();
    QVERIFY(server->listen(QStringLiteral("flywheel-") + QUuid::createUuid().toString(QUuid::Id128)));
    QLocalSocket client;
    const QSignalSpy disconnected(&client, &QLocalSocket::disconnected);
    client.connectToServer(server->serverName());
    m_loop->runUntil([&] { return server->hasPendingConnections(); });
    server.reset();
    m_loop->runUntil([&] { return !disconnected.isEmpty(); });
}

QTEST_APPLESS_MAIN(tst_ParityNetwork)
#include "tst_paritynetwork.moc"
