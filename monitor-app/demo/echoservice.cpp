// SPDX-License-Identifier: MIT
#include "echoservice.h"

#include <QtCore/qlogging.h>
#include <QtNetwork/qtcpsocket.h>

namespace Flywheel::Demo {

namespace {

const QByteArray Message(64, 'x');

} // namespace

EchoServer::EchoServer(QObject *parent) : QObject(parent)
{
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
    connect(m_socket, &QTcpSocket::connected, this, &EchoClient::send);
    connect(m_socket, &QTcpSocket::readyRead, this, &EchoClient::read);
    m_socket->connectToHost(QHostAddress::LocalHost, port);
}

void EchoClient::send()
{
    m_awaited = Message.size();
    m_socket->write(Message);
}

void EchoClient::read()
{
    m_awaited -= m_socket->readAll().size();
    if (m_awaited > 0)
        return;
    ++m_roundTrips;
    send();
}

} // namespace Flywheel::Demo
