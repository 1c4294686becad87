// SPDX-License-Identifier: MIT
#include "echoservice.h"

#include <QtCore/qlogging.h>
#include <QtNetwork/qtcpsocket.h>

namespace Flywheel::Demo {

namespace {

const QByteArray Message(64, 'x');
constexpr int RequestIntervalMs = 5;

} // namespace

EchoServer::EchoServer(QObject *parent) : QObject(parent)
{
    setObjectName(QStringLiteral("echo service"));
    m_server.setParent(this);
    connect(&m_server, &QTcpServer::newConnection, this, &EchoServer::accept);
}

bool EchoServer::listen()
{
    if (m_server.listen(QHostAddress::LocalHost))
        return true;
    qWarning("flywheel-demo: cannot listen on the loopback interface: %s",
             qUtf8Printable(m_server.errorString()));
    return false;
}

void EchoServer::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QTcpSocket::readyRead, socket, [socket] { socket->write(socket->readAll()); });
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    }
}

EchoClient::EchoClient(quint16 port, QObject *parent) : QObject(parent), m_socket(new QTcpSocket(this))
{
    connect(m_socket, &QTcpSocket::connected, this,
            [this] { m_request.start(RequestIntervalMs, Qt::PreciseTimer, this); });
    connect(m_socket, &QTcpSocket::disconnected, this, [this] { m_request.stop(); });
    connect(m_socket, &QTcpSocket::readyRead, this, &EchoClient::read);
    m_socket->connectToHost(QHostAddress::LocalHost, port);
}

void EchoClient::timerEvent(QTimerEvent *)
{
    if (m_awaited > 0)
        return;
    m_awaited = Message.size();
    m_socket->write(Message);
}

void EchoClient::read()
{
    m_awaited -= m_socket->readAll().size();
    m_roundTrips += m_awaited > 0 ? 0 : 1;
}

} // namespace Flywheel::Demo
