// SPDX-License-Identifier: MIT
#include "telemetry/protocol/framecodec.h"

#include <QtCore/qendian.h>

#include <cstdlib>

using namespace Flywheel::Telemetry;

namespace {

using Sender = FrameDecoder::Sender;

/// The first byte of an input says what its other bytes are.
enum Mode : unsigned char {
    FromWatcher = 1, ///< otherwise from a publisher
    AfterHello = 2,  ///< what follows a valid hello
    IsBody = 4,      ///< a body, which gets its true length in front; otherwise bytes as they come
};

QByteArray streamOf(unsigned char mode, QByteArrayView input)
{
    QByteArray stream;
    if (mode & AfterHello)
        stream = mode & FromWatcher ? encode(WatcherHello()) : encode(Hello());
    if (mode & IsBody) {
        QByteArray length(LengthPrefixBytes, '\0');
        qToBigEndian(static_cast<quint32>(input.size()), length.data());
        stream += length;
    }
    return stream + input.toByteArray();
}

/// All messages of \a stream, written again.
QByteArray rewritten(Sender sender, const QByteArray &stream)
{
    FrameDecoder decoder(sender);
    decoder.feed(stream);
    QByteArray result;
    while (const auto message = decoder.next())
        result += std::visit([](const auto &read) { return encode(read); }, *message);
    return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const Sender sender = data[0] & FromWatcher ? Sender::Watcher : Sender::Publisher;
    const QByteArray stream = streamOf(data[0], QByteArrayView(data + 1, static_cast<qsizetype>(size - 1)));
    const QByteArray once = rewritten(sender, stream);
    if (rewritten(sender, once) != once)
        std::abort(); // what the encoder writes, the decoder must read as the same
    return 0;
}
