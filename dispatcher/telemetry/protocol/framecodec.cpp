// SPDX-License-Identifier: MIT
#include "telemetry/protocol/framecodec.h"

#include "telemetry/protocol/cborreader.h"
#include "telemetry/protocol/cborwriter.h"
#include "telemetry/protocol/framebounds.h"

#include <QtCore/qendian.h>

namespace Flywheel::Telemetry {

namespace {

template <typename T>
QByteArray encodeMessage(const T &message)
{
    QByteArray body;
    CborWriter(&body).message(message);
    QByteArray length(LengthPrefixBytes, Qt::Uninitialized);
    qToBigEndian(static_cast<quint32>(body.size()), length.data());
    return length + body;
}

/// \a frame with the first \a count loops only.
Frame withLoops(const Frame &frame, std::size_t count)
{
    Frame result = frame;
    result.omittedLoops += static_cast<std::uint32_t>(frame.loops.size() - count);
    result.loops.resize(count);
    return result;
}

template <typename T>
std::optional<Message> readMessage(CborReader &reader)
{
    T message;
    reader.message(message);
    reader.endMessage();
    return reader.error().empty() ? std::optional<Message>(std::move(message)) : std::nullopt;
}

std::optional<Message> readFrame(CborReader &reader)
{
    Frame frame;
    reader.message(frame);
    reader.endMessage();
    if (reader.error().empty())
        reader.expectPossible(impossibleMoment(frame));
    if (!reader.error().empty())
        return std::nullopt;
    boundDurations(frame);
    return frame;
}

/// Of another version nothing but its number can be relied upon.
template <typename T>
std::optional<Message> readHello(CborReader &reader)
{
    T hello;
    hello.protocolVersion = 0;
    reader.message(hello);
    if (const auto version = hello.protocolVersion; version != 0 && version != ProtocolVersion) {
        T foreign;
        foreign.protocolVersion = version;
        return foreign;
    }
    reader.endMessage();
    reader.expect(hello.protocolVersion != 0, "a version");
    return reader.error().empty() ? std::optional<Message>(std::move(hello)) : std::nullopt;
}

using ReadMessage = std::optional<Message> (*)(CborReader &reader);

/// How to read message \a number; null if this version does not know it.
ReadMessage readerOf(std::uint64_t number)
{
    switch (number) {
    case MessageNumber<Hello>:
        return readHello<Hello>;
    case MessageNumber<Frame>:
        return readFrame;
    case MessageNumber<Goodbye>:
        return readMessage<Goodbye>;
    case MessageNumber<WatcherHello>:
        return readHello<WatcherHello>;
    case MessageNumber<IntervalRequest>:
        return readMessage<IntervalRequest>;
    default:
        return nullptr;
    }
}

} // namespace

QByteArray encode(const Hello &message)
{
    return encodeMessage(message);
}
QByteArray encode(const Goodbye &message)
{
    return encodeMessage(message);
}
QByteArray encode(const WatcherHello &message)
{
    return encodeMessage(message);
}
QByteArray encode(const IntervalRequest &message)
{
    return encodeMessage(message);
}

QByteArray encode(const Frame &message)
{
    if (message.loops.size() > MaxLoops)
        return encode(withLoops(message, MaxLoops));
    QByteArray bytes = encodeMessage(message);
    if (static_cast<std::size_t>(bytes.size()) <= LengthPrefixBytes + MaxPublisherBytes)
        return bytes;
    return encode(withLoops(message, message.loops.size() / 2));
}

void FrameDecoder::feed(QByteArrayView bytes)
{
    if (!m_error.empty())
        return;
    m_buffer.remove(0, std::exchange(m_consumed, 0));
    m_buffer.append(bytes);
}

std::optional<Message> FrameDecoder::next()
{
    while (const auto body = nextBody()) {
        if (auto message = decode(*body))
            return message;
    }
    return {};
}

std::optional<QByteArrayView> FrameDecoder::nextBody()
{
    constexpr auto Prefix = static_cast<qsizetype>(LengthPrefixBytes);
    const QByteArrayView rest = QByteArrayView(m_buffer).sliced(m_consumed);
    if (!m_error.empty() || rest.size() < Prefix)
        return {};
    const auto length = static_cast<qsizetype>(qFromBigEndian<quint32>(rest.data()));
    const auto limit =
        static_cast<qsizetype>(m_sender == Sender::Publisher ? MaxPublisherBytes : MaxWatcherBytes);
    if (length > limit) {
        fail("a message of " + std::to_string(length) + " bytes, more than " + std::to_string(limit));
        return {};
    }
    if (rest.size() - Prefix < length)
        return {};
    m_consumed += Prefix + length;
    return rest.sliced(Prefix, length);
}

std::optional<Message> FrameDecoder::decode(QByteArrayView body)
{
    CborReader reader(body);
    const std::uint64_t number = reader.beginMessage();
    if (!reader.error().empty())
        return fail(reader.error());
    if (std::string reason = refusal(number); !reason.empty())
        return fail(std::move(reason));

    std::optional<Message> message;
    if (const ReadMessage read = readerOf(number)) {
        message = read(reader);
    } else {
        reader.skipMessage();
        reader.endMessage();
    }
    if (!message && !reader.error().empty())
        return fail("message " + std::to_string(number) + ": " + reader.error());
    if (message)
        noteVersion(*message);
    return message;
}

std::string FrameDecoder::refusal(std::uint64_t number) const
{
    const bool publisher = m_sender == Sender::Publisher;
    const std::uint64_t hello = publisher ? MessageNumber<Hello> : MessageNumber<WatcherHello>;
    const bool own = publisher ? number < MessageNumber<WatcherHello>
                               : number == hello || number == MessageNumber<IntervalRequest>;
    const std::string name = "message " + std::to_string(number);
    if (!own)
        return name + " does not belong to the side that sent it";
    if (m_version == 0 && number != hello)
        return name + " before the hello";
    if (m_version != 0 && number == hello)
        return "a second hello";
    if (m_version != 0 && m_version != ProtocolVersion)
        return name + " of protocol version " + std::to_string(m_version);
    return {};
}

void FrameDecoder::noteVersion(const Message &message)
{
    if (const auto *hello = std::get_if<Hello>(&message))
        m_version = hello->protocolVersion;
    else if (const auto *watcherHello = std::get_if<WatcherHello>(&message))
        m_version = watcherHello->protocolVersion;
}

std::optional<Message> FrameDecoder::fail(std::string reason)
{
    m_error = std::move(reason);
    m_buffer.clear();
    m_consumed = 0;
    return {};
}

} // namespace Flywheel::Telemetry
