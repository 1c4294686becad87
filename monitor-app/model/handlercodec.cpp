// SPDX-License-Identifier: MIT
#include "handlercodec.h"

#include "format.h"

#include <QtCore/qdatastream.h>
#include <QtCore/qiodevice.h>

namespace Flywheel::Monitor {

namespace {

/// Longer than any name in a journal.
constexpr qsizetype LongestName = 200;
constexpr std::int64_t LatestNs = 4'000'000'000'000'000'000; // sums of two are numbers still

void setUp(QDataStream &stream)
{
    stream.setVersion(QDataStream::Qt_6_0);
    stream.setByteOrder(QDataStream::BigEndian);
}

void write(QDataStream &out, const HandlerReceiver &receiver)
{
    for (const QString &name : {receiver.className, receiver.objectName}) {
        const QByteArray utf8 = name.left(LongestName / 3).toUtf8();
        out << static_cast<quint8>(utf8.size());
        out.writeRawData(utf8.constData(), static_cast<int>(utf8.size()));
    }
}

QString readName(QDataStream &in)
{
    quint8 size = 0;
    in >> size;
    QByteArray utf8(size, Qt::Uninitialized);
    if (in.readRawData(utf8.data(), size) != size)
        in.setStatus(QDataStream::ReadPastEnd);
    return Format::plain(QString::fromUtf8(utf8));
}

HandlerReceiver readReceiver(QDataStream &in)
{
    HandlerReceiver receiver;
    receiver.className = readName(in);
    receiver.objectName = readName(in);
    return receiver;
}

void write(QDataStream &out, const LoggedHandler &handler)
{
    out << qint64(handler.begin.count()) << qint64(handler.duration().count()) << qint64(handler.id)
        << qint64(handler.lateness.count()) << quint16(handler.receiver) << static_cast<quint8>(handler.kind)
        << quint8(handler.depth);
}

/// One that cannot be ends the reading.
LoggedHandler readHandler(QDataStream &in)
{
    qint64 begin = 0, duration = 0, id = 0, lateness = 0;
    quint16 receiver = 0;
    quint8 kind = 0, depth = 0;
    in >> begin >> duration >> id >> lateness >> receiver >> kind >> depth;
    const auto isPossible = [](qint64 value) { return value >= 0 && value <= LatestNs; };
    if (!isPossible(begin) || !isPossible(duration) || !isPossible(lateness) || kind >= HandlerKindCount)
        in.setStatus(QDataStream::ReadCorruptData);
    return {.begin = Time(begin),
            .end = Time(begin) + Duration(duration),
            .id = id,
            .lateness = Duration(lateness),
            .receiver = receiver,
            .kind = static_cast<HandlerKind>(kind),
            .depth = depth};
}

} // namespace

QByteArray encodeHandlers(const HandlerBatch &batch)
{
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    setUp(out);
    out << static_cast<quint32>(batch.receivers.size());
    for (const HandlerReceiver &receiver : batch.receivers)
        write(out, receiver);
    out << static_cast<quint32>(batch.handlers.size());
    for (const LoggedHandler &handler : batch.handlers)
        write(out, handler);
    out << static_cast<quint8>(batch.running.has_value());
    if (batch.running) {
        write(out, batch.running->handler);
        write(out, batch.running->receiver);
    }
    return bytes;
}

std::optional<HandlerBatch> decodeHandlers(const QByteArray &bytes)
{
    QDataStream in(bytes);
    setUp(in);
    HandlerBatch batch;
    quint32 receivers = 0, handlers = 0;
    quint8 runs = 0;
    in >> receivers;
    for (quint32 i = 0; i < receivers && receivers <= MostReceiversInBatch && in.status() == QDataStream::Ok;
         ++i)
        batch.receivers.push_back(readReceiver(in));
    in >> handlers;
    for (quint32 i = 0; i < handlers && handlers <= MostHandlersInBatch && in.status() == QDataStream::Ok;
         ++i)
        batch.handlers.push_back(readHandler(in));
    in >> runs;
    if (runs == 1) {
        const LoggedHandler handler = readHandler(in);
        batch.running = {handler, readReceiver(in)};
    }
    const bool isWhole = receivers <= MostReceiversInBatch && handlers <= MostHandlersInBatch && runs <= 1;
    return isWhole && in.status() == QDataStream::Ok && in.atEnd() ? std::optional(batch) : std::nullopt;
}

} // namespace Flywheel::Monitor
