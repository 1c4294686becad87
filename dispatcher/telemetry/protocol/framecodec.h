// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>

#include <optional>
#include <string>

/// Turns messages into bytes and back: 4 bytes with the length, the most significant byte first, then one
/// CBOR item (RFC 8949) of that length. docs/telemetry-protocol.md describes the format for other
/// implementations. Plain functions and values; any thread.
namespace Flywheel::Telemetry {

inline constexpr std::size_t LengthPrefixBytes = 4;

/// The longest body that a decoder accepts, by sender.
inline constexpr std::size_t MaxPublisherBytes = std::size_t(4) << 20;
inline constexpr std::size_t MaxWatcherBytes = std::size_t(4) << 10;

/// Returns a message with its length in front. Never fails: strings are cut to MaxStringBytes and made valid
/// UTF-8, lists are cut to MaxTableRows, and loops that do not fit into MaxPublisherBytes are counted in
/// Frame::omittedLoops.
QByteArray encode(const Hello &message);
QByteArray encode(const Frame &message);
QByteArray encode(const Goodbye &message);
QByteArray encode(const WatcherHello &message);
QByteArray encode(const IntervalRequest &message);

/// Turns a stream of bytes, which may come in pieces of any size, into messages. Keeps at most the bytes of
/// one message beyond what was fed last. Refuses a message that is too long as soon as its length is known.
class FrameDecoder
{
public:
    /// Who sends the bytes. Each side may send only its own messages.
    enum class Sender { Publisher, Watcher };

    explicit FrameDecoder(Sender sender) : m_sender(sender) {}

    /// Adds bytes to the stream. Does nothing after an error.
    void feed(QByteArrayView bytes);

    /// Returns the next complete message. Returns nothing if more bytes are needed, or after an error: see
    /// error(). Skips a publisher's messages of a kind that this version does not know.
    std::optional<Message> next();

    /// Returns the error, as text for a log, or an empty string. An error is final.
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
