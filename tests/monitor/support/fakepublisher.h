// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/framecodec.h"
#include "telemetry/protocol/socketdirectory.h"

#include <QtCore/qcoreapplication.h>
#include <QtNetwork/qlocalserver.h>
#include <QtNetwork/qlocalsocket.h>

#include <vector>

namespace Flywheel::Monitor::Test {

/// A publisher whose every byte is the test's. Listens where publishers of the process id of its test do, in
/// the runtime directory of the moment.
class FakePublisher
{
public:
    explicit FakePublisher(qint64 processId = QCoreApplication::applicationPid())
        : m_path(Telemetry::socketPath(Telemetry::socketDirectory(), QString::number(processId)))
    {
        Telemetry::secureDirectory(Telemetry::socketDirectory());
        QObject::connect(&m_server, &QLocalServer::newConnection, &m_server, [this] { accept(); });
        listen();
    }

    ~FakePublisher() { dropAll(); }

    QString path() const { return m_path; }
    bool listen() { return m_server.listen(m_path); }
    /// Ends all connections and listens no more; the socket's file goes.
    void stop()
    {
        m_server.close();
        dropAll();
    }
    void dropAll()
    {
        const auto sockets = std::exchange(m_sockets, {});
        for (QLocalSocket *socket : sockets) {
            socket->disconnect();
            socket->abort();
            socket->deleteLater();
        }
    }

    /// What each connection begins with; a hello of our version, unless changed.
    void setGreeting(const QByteArray &bytes) { m_greeting = bytes; }
    static QByteArray hello(const std::string &name = "fake")
    {
        Telemetry::Hello hello;
        hello.process = {.processId = static_cast<std::uint64_t>(QCoreApplication::applicationPid()),
                         .name = name,
                         .executable = "/usr/bin/fake",
                         .qtVersion = "6.4.2",
                         .flywheelVersion = "0.1.0",
                         .startedAt = {}};
        return Telemetry::encode(hello);
    }

    /// To all watchers.
    void send(const QByteArray &bytes)
    {
        const auto sockets = m_sockets; // one that has gone is noticed here
        for (QLocalSocket *socket : sockets) {
            socket->write(bytes);
            socket->flush();
        }
    }
    template <typename T>
    void send(const T &message)
    {
        send(Telemetry::encode(message));
    }

    int accepted() const { return m_accepted; }
    /// How many have said hello so far.
    int greeted() const { return m_greeted; }
    const std::vector<Telemetry::Message> &received() const { return m_received; }

private:
    void accept()
    {
        while (QLocalSocket *socket = m_server.nextPendingConnection()) {
            ++m_accepted;
            m_sockets.push_back(socket);
            auto decoder =
                std::make_shared<Telemetry::FrameDecoder>(Telemetry::FrameDecoder::Sender::Watcher);
            QObject::connect(socket, &QLocalSocket::readyRead, socket, [=, this] { read(socket, *decoder); });
            QObject::connect(socket, &QLocalSocket::disconnected, socket, [=, this] {
                std::erase(m_sockets, socket);
                socket->deleteLater();
            });
            socket->write(m_greeting);
            socket->flush();
        }
    }
    void read(QLocalSocket *socket, Telemetry::FrameDecoder &decoder)
    {
        decoder.feed(socket->readAll());
        while (auto message = decoder.next()) {
            m_greeted += std::holds_alternative<Telemetry::WatcherHello>(*message) ? 1 : 0;
            m_received.push_back(*std::move(message));
        }
    }

    const QString m_path;
    QLocalServer m_server;
    QByteArray m_greeting = hello();
    std::vector<QLocalSocket *> m_sockets;
    std::vector<Telemetry::Message> m_received;
    int m_accepted = 0;
    int m_greeted = 0;
};

} // namespace Flywheel::Monitor::Test
