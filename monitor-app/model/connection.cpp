// SPDX-License-Identifier: MIT
#include "connection.h"

#include "format.h"
#include "telemetry/protocol/publishers.h"

#include <variant>

namespace Flywheel::Monitor {

using namespace std::chrono_literals;
using namespace Telemetry;

namespace {

constexpr auto FirstRetry = 250ms;
constexpr auto LongestRetry = 5000ms;
/// A publisher says hello at once; what does not is none. One behind a relay may want a password first.
constexpr auto HelloTime = 5000ms;
constexpr auto RemoteHelloTime = 120'000ms;
constexpr auto RateWindow = 5s;

/// A publisher whose frames are larger than we can read at once must not fill our memory.
constexpr qint64 ReadBufferBytes = qint64(1) << 20;

QString sentence(const std::string &text, const char *otherwise)
{
    return text.empty() ? QString::fromUtf8(otherwise) : Format::plain(QString::fromStdString(text));
}

} // namespace

Connection::Connection(qint64 processId, const QString &socketPath, QObject *parent)
    : QObject(parent)
    , m_processId(processId)
    , m_socketPath(socketPath)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Connection::connectNow);
    m_helloDue.setSingleShot(true);
    m_helloDue.setInterval(processId != 0 ? HelloTime : RemoteHelloTime);
    connect(&m_helloDue, &QTimer::timeout, this, [this] {
        lose(tr("It did not answer within %1.").arg(Format::interval(m_helloDue.intervalAsDuration())));
    });
}

Connection::~Connection()
{
    close();
}

void Connection::open(std::chrono::milliseconds interval)
{
    m_interval = interval;
    m_retryDelay = FirstRetry;
    connectNow();
}

void Connection::close()
{
    m_retry.stop();
    dropSocket();
}

void Connection::setInterval(std::chrono::milliseconds interval)
{
    m_interval = interval;
    if (m_state == State::Attached)
        m_socket->write(encode(IntervalRequest{.interval = interval}));
}

bool Connection::isFinal() const
{
    return m_state != State::Connecting && m_state != State::Attached && m_state != State::Lost;
}

double Connection::framesPerSecond() const
{
    if (m_state != State::Attached || m_arrivals.size() < 2)
        return 0;
    const auto now = std::chrono::steady_clock::now();
    if (now - m_arrivals.back() > RateWindow)
        return 0;
    const std::chrono::duration<double> length = m_arrivals.back() - m_arrivals.front();
    return length.count() > 0 ? static_cast<double>(m_arrivals.size() - 1) / length.count() : 0;
}

Duration Connection::silence() const
{
    if (m_state != State::Attached || m_arrivals.empty())
        return {};
    return std::chrono::steady_clock::now() - m_arrivals.back();
}

void Connection::connectNow()
{
    dropSocket();
    m_decoder.emplace(FrameDecoder::Sender::Publisher);
    m_sequence = 0;
    m_arrivals.clear();
    m_socket = new QLocalSocket(this);
    m_socket->setReadBufferSize(ReadBufferBytes);
    connect(m_socket, &QLocalSocket::readyRead, this, &Connection::read);
    connect(m_socket, &QLocalSocket::disconnected, this, &Connection::socketGone);
    connect(m_socket, &QLocalSocket::errorOccurred, this, &Connection::socketGone);
    m_helloDue.start();
    m_socket->connectToServer(m_socketPath);
}

void Connection::dropSocket()
{
    m_helloDue.stop();
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
    // It may be the sender of the signal that led here.
    m_socket->deleteLater();
    m_socket = nullptr;
}

void Connection::read()
{
    m_decoder->feed(m_socket->readAll());
    // Whoever listens to what a message brings may close us.
    while (m_socket) {
        const auto message = m_decoder->next();
        if (!message)
            break;
        if (const auto *hello = std::get_if<Hello>(&*message))
            take(*hello);
        else if (const auto *frame = std::get_if<Frame>(&*message))
            take(*frame);
        else if (const auto *goodbye = std::get_if<Goodbye>(&*message))
            take(*goodbye);
    }
    if (m_socket && !m_decoder->error().empty()) {
        finish(State::Refused,
               tr("It sent no telemetry that this monitor understands (%1). Use the monitor that came with "
                  "the program's Flywheel.")
                   .arg(QString::fromStdString(m_decoder->error())));
    }
}

void Connection::take(const Hello &hello)
{
    m_publisherVersion = hello.protocolVersion;
    if (hello.protocolVersion != ProtocolVersion) {
        finish(State::VersionMismatch,
               tr("It uses version %1 of the telemetry protocol, this monitor version %2. Use the monitor "
                  "that came with the program's Flywheel.")
                   .arg(hello.protocolVersion)
                   .arg(ProtocolVersion));
        return;
    }
    m_helloDue.stop();
    m_process = hello.process;
    m_socket->write(encode(WatcherHello{.program = "flywheel-monitor", .interval = m_interval}));
    Q_EMIT helloReceived(m_process);
}

void Connection::take(const Frame &frame)
{
    if (m_sequence != 0 && frame.sequence > m_sequence + 1)
        m_lostFrames += frame.sequence - m_sequence - 1;
    m_sequence = frame.sequence;
    ++m_frames;
    const auto now = std::chrono::steady_clock::now();
    m_arrivals.push_back(now);
    while (now - m_arrivals.front() > RateWindow)
        m_arrivals.pop_front();
    m_retryDelay = FirstRetry;
    setState(State::Attached);
    Q_EMIT frameReceived(frame);
}

void Connection::take(const Goodbye &goodbye)
{
    switch (goodbye.reason) {
    case Goodbye::Reason::ShuttingDown:
        return finish(State::Ended, tr("It has ended, or has stopped publishing."));
    case Goodbye::Reason::VersionMismatch:
        return finish(State::VersionMismatch,
                      sentence(goodbye.detail, "It uses another version of the telemetry protocol."));
    case Goodbye::Reason::TooManyWatchers:
        return lose(tr("Too many monitors already watch it. Close one of them."));
    case Goodbye::Reason::BadMessage:
    case Goodbye::Reason::NoHello:
        return finish(State::Refused, sentence(goodbye.detail, "It refused this monitor."));
    }
}

void Connection::socketGone()
{
    // What came before the end is still to be read, a goodbye above all.
    if (m_socket && m_socket->bytesAvailable() > 0)
        read();
    if (!m_socket)
        return;
    if (!processExists(m_processId))
        finish(State::Ended, tr("It has ended."));
    else
        lose(tr("The connection was lost: %1.").arg(m_socket->errorString()));
}

void Connection::lose(const QString &reason)
{
    dropSocket();
    if (!processExists(m_processId))
        return finish(State::Ended, tr("It has ended."));
    m_retry.start(m_retryDelay);
    m_retryDelay = std::min<std::chrono::milliseconds>(m_retryDelay * 2, LongestRetry);
    setState(State::Lost, reason);
}

void Connection::finish(State state, const QString &reason)
{
    close();
    setState(state, reason);
}

void Connection::setState(State state, const QString &reason)
{
    if (state == m_state && reason == m_reason)
        return;
    m_state = state;
    m_reason = reason;
    Q_EMIT stateChanged();
}

} // namespace Flywheel::Monitor
