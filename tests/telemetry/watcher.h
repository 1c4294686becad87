// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/framecodec.h"

#include <QtNetwork/qlocalsocket.h>
#include <QtTest/qtest.h>

#include <vector>

namespace Flywheel::Telemetry::Test {

/// A well-behaved watcher, which keeps all that it is sent.
class Watcher
{
public:
    explicit Watcher(const QString &socketPath)
    {
        QObject::connect(&m_socket, &QLocalSocket::readyRead, &m_socket, [this] { read(); });
        m_socket.connectToServer(socketPath);
    }

    /// Asks for frames.
    void begin(std::chrono::milliseconds interval)
    {
        send(encode(WatcherHello{.program = "test", .interval = interval}));
    }
    void send(const QByteArray &bytes)
    {
        m_socket.write(bytes);
        m_socket.flush();
    }
    void leave() { m_socket.abort(); }

    bool isConnected() const { return m_socket.state() == QLocalSocket::ConnectedState; }
    const std::string &error() const { return m_decoder.error(); }

    template <typename T>
    std::vector<T> received() const
    {
        std::vector<T> result;
        for (const Message &message : m_messages) {
            if (const T *wanted = std::get_if<T>(&message))
                result.push_back(*wanted);
        }
        return result;
    }
    std::size_t frames() const { return received<Frame>().size(); }
    /// 0 while there is none.
    int goodbye() const
    {
        const auto all = received<Goodbye>();
        return all.empty() ? 0 : static_cast<int>(all.front().reason);
    }

private:
    void read()
    {
        m_decoder.feed(m_socket.readAll());
        while (auto message = m_decoder.next())
            m_messages.push_back(*std::move(message));
    }

    QLocalSocket m_socket;
    FrameDecoder m_decoder{FrameDecoder::Sender::Publisher};
    std::vector<Message> m_messages;
};

} // namespace Flywheel::Telemetry::Test
