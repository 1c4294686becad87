// SPDX-License-Identifier: MIT
#include "telemetry/publisher/watcherconnection.h"

#include "base/clock.h"
#include "telemetry/publisher/hangup.h"

#include <ctime>

namespace Flywheel::Telemetry {

namespace {

constexpr qint64 ReadBufferBytes = qint64(16) * 1024;
constexpr int MaxRequestsPerFrame = 100; // more is no way to use the protocol

/// Processor time of the calling thread. 0 if the system does not tell.
std::chrono::nanoseconds threadCpuTime()
{
    timespec time{};
    if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0)
        return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

WatcherConnection::WatcherConnection(QLocalSocket *socket, const PublishingOptions &options, QObject *parent)
    : QObject(parent)
    , m_options(options)
    , m_socket(socket)
    , m_closedInChild(static_cast<int>(socket->socketDescriptor()))
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(ReadBufferBytes);
    connect(m_socket, &QLocalSocket::readyRead, this, &WatcherConnection::read);
    connect(m_socket, &QLocalSocket::disconnected, this, &WatcherConnection::closed);
    connect(&m_frameTimer, &QTimer::timeout, this, &WatcherConnection::sendFrame);
    connect(&m_helloTimeout, &QTimer::timeout, this, [this] { close(Goodbye::Reason::NoHello); });
    m_helloTimeout.setSingleShot(true);
    m_helloTimeout.start(m_options.helloTimeout);
    send(encode(Hello{.process = m_options.process}));
}

void WatcherConnection::close(Goodbye::Reason reason, std::string detail)
{
    if (!isOpen())
        return;
    m_frameTimer.stop();
    m_stallsWatched.reset();
    m_helloTimeout.stop();
    disconnect(m_socket, &QLocalSocket::readyRead, this, &WatcherConnection::read);
    m_socket->write(encode(Goodbye{.reason = reason, .detail = std::move(detail)}));
    m_socket->flush();
    m_saidGoodbye = true;
    hangUp(*m_socket);
}

void WatcherConnection::finishClosing(QDeadlineTimer deadline)
{
    finishHangingUp(*m_socket, deadline);
}

void WatcherConnection::read()
{
    m_decoder.feed(m_socket->readAll());
    while (const auto message = isOpen() ? m_decoder.next() : std::nullopt) {
        if (const auto *hello = std::get_if<WatcherHello>(&*message))
            begin(*hello);
        else if (const auto *request = std::get_if<IntervalRequest>(&*message))
            change(*request);
    }
    if (isOpen() && !m_decoder.error().empty())
        close(Goodbye::Reason::BadMessage, m_decoder.error());
}

void WatcherConnection::begin(const WatcherHello &hello)
{
    if (hello.protocolVersion != ProtocolVersion)
        return close(Goodbye::Reason::VersionMismatch,
                     "this program speaks version " + std::to_string(ProtocolVersion));
    m_helloTimeout.stop();
    m_stallsWatched.emplace();
    m_cpuBefore = threadCpuTime();
    m_frameTimer.start(hello.interval);
    sendFrame();
}

void WatcherConnection::change(const IntervalRequest &request)
{
    if (++m_requests > MaxRequestsPerFrame)
        return close(Goodbye::Reason::BadMessage, "too many requests");
    m_frameTimer.start(request.interval);
}

void WatcherConnection::sendFrame()
{
    m_requests = 0;
    Frame frame = m_builder.next(m_options.source, steadyNow().time_since_epoch());
    frame.takenAtWall = std::chrono::system_clock::now();
    const auto cpu = threadCpuTime();
    frame.publishingCpu = cpu - std::exchange(m_cpuBefore, cpu);
    send(encode(frame));
}

void WatcherConnection::send(const QByteArray &bytes)
{
    // Whatever was not read in time is lost to this watcher, and the connection with it: a stream with a gap
    // would be mistaken for a whole one.
    if (m_socket->bytesToWrite() > m_options.maxPendingBytes)
        m_socket->abort();
    else
        m_socket->write(bytes);
}

bool WatcherConnection::isOpen() const
{
    return !m_saidGoodbye && m_socket->state() == QLocalSocket::ConnectedState;
}

} // namespace Flywheel::Telemetry
