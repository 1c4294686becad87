// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>

#include <optional>
#include <string>

/// Messages to bytes and back: 4 bytes of length, most significant first, then one CBOR item (RFC 8949) of
/// that length. docs/telemetry-protocol.md describes it for other implementations. Plain functions and
/// values, any thread.
namespace Flywheel::Telemetry {

inline constexpr std::size_t LengthPrefixBytes = 4;

/// The longest body that a decoder takes, by who sends.
inline constexpr std::size_t MaxPublisherBytes = std::size_t(4) << 20;
inline constexpr std::size_t MaxWatcherBytes = std::size_t(4) << 10;

/// A message with its length in front. Never fails: strings are cut to MaxStringBytes and mended where they
/// are not UTF-8, lists are cut to MaxTableRows, and loops that do not fit into MaxPublisherBytes are counted
/// in Frame::omittedLoops.
QByteArray encode(const Hello &message);
QByteArray encode(const Frame &message);
QByteArray encode(const Goodbye &message);
QByteArray encode(const WatcherHello &message);
QByteArray encode(const IntervalRequest &message);

/// Turns a stream of bytes, in whatever pieces it comes, into messages. Holds at most one message's bytes
/// beyond what was fed last; refuses a message that is too long as soon as its length is known.
class FrameDecoder
{
public:
    /// Who sends the bytes: each side may only send its own messages.
    enum class Sender { Publisher, Watcher };

    explicit FrameDecoder(Sender sender) : m_sender(sender) {}

    /// Ignored after an error.
    void feed(QByteArrayView bytes);

    /// The next complete message. Nothing if more bytes are needed or the stream is broken: see error().
    /// Messages of a kind that this version does not know are skipped.
    std::optional<Message> next();

    /// Why the stream is broken, in words fit for a log; empty as long as it is not. A broken stream stays
    /// broken.
    const std::string &error() const { return m_error; }

private:
    std::optional<QByteArrayView> nextBody();
    std::optional<Message> decode(QByteArrayView body);
    std::string refusal(std::uint64_t number) const;
    void noteVersion(const Message &message);
    std::optional<Message> fail(std::string reason);

    const Sender m_sender;
    QByteArray m_buffer;
    qsizetype m_consumed = 0;    ///< of m_buffer
    std::uint32_t m_version = 0; ///< of the hello; 0 before
    std::string m_error;
};

} // namespace Flywheel::Telemetry
