// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbasictimer.h>
#include <QtCore/qobject.h>
#include <QtNetwork/qtcpserver.h>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace Flywheel::Demo {

/// A TCP echo service on the loopback interface.
class EchoServer : public QObject
{
    Q_OBJECT

public:
    explicit EchoServer(QObject *parent = nullptr);

    /// False, after a message on stderr, if no port can be had.
    bool listen();
    quint16 port() const { return m_server.serverPort(); }

private:
    void accept();

    QTcpServer m_server;
};

/// One client: sends a message every few milliseconds, unless it still waits for the echo of the former one.
class EchoClient : public QObject
{
    Q_OBJECT

public:
    EchoClient(quint16 port, QObject *parent);

    /// Round trips since the last call.
    int takeRoundTrips() { return std::exchange(m_roundTrips, 0); }

private:
    void timerEvent(QTimerEvent *event) override;
    void read();

    QTcpSocket *const m_socket;
    QBasicTimer m_request;
    qint64 m_awaited = 0;
    int m_roundTrips = 0;
};

} // namespace Flywheel::Demo
