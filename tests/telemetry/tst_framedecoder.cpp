// SPDX-License-Identifier: MIT
#include "telemetry/protocol/framecodec.h"

#include <QtCore/qendian.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Telemetry;

using Sender = FrameDecoder::Sender;

namespace {

QByteArray framed(const QByteArray &body)
{
    QByteArray length(LengthPrefixBytes, Qt::Uninitialized);
    qToBigEndian(static_cast<quint32>(body.size()), length.data());
    return length + body;
}

/// The body of a frame message with these fields.
QByteArray frameBody(const QByteArray &fieldsHex)
{
    return QByteArray::fromHex("8202bf" + fieldsHex + "ff");
}

/// One with a single loop that has these fields.
QByteArray loopBody(const QByteArray &fieldsHex)
{
    return frameBody("0681bf" + fieldsHex + "ff");
}

QByteArray session()
{
    Frame frame;
    frame.sequence = 1;
    frame.loops.emplace_back().threadName = "main";
    return encode(Hello()) + encode(frame) + encode(Goodbye{.detail = "end"});
}

/// Feeds pieces of \a size bytes; the kinds of the messages that came out.
std::vector<std::size_t> kindsOf(QByteArrayView bytes, qsizetype size)
{
    FrameDecoder decoder(Sender::Publisher);
    std::vector<std::size_t> kinds;
    for (; !bytes.isEmpty(); bytes = bytes.sliced(std::min(size, bytes.size()))) {
        decoder.feed(bytes.first(std::min(size, bytes.size())));
        while (const auto message = decoder.next())
            kinds.push_back(message->index());
    }
    return kinds;
}

} // namespace

class tst_FrameDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesPiecesOfAnySize_data();
    void takesPiecesOfAnySize();
    void waitsForTheRestOfACutMessage();
    void refusesPublisher_data();
    void refusesPublisher();
    void refusesWatcher_data();
    void refusesWatcher();
    void refusesLongMessageByItsLength();
    void staysBroken();
    void skipsUnknownMessages();
    void helloOfAnotherVersion();
    void everyTruncatedBodyIsRefused();
};

void tst_FrameDecoder::takesPiecesOfAnySize_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {1, 2, 3, 7, 64, 100'000})
        QTest::addRow("%d bytes", size) << size;
}

void tst_FrameDecoder::takesPiecesOfAnySize()
{
    QFETCH(const int, size);
    QCOMPARE(kindsOf(session(), size), (std::vector<std::size_t>{0, 1, 2}));
}

void tst_FrameDecoder::waitsForTheRestOfACutMessage()
{
    const QByteArray bytes = encode(Hello());
    FrameDecoder decoder(Sender::Publisher);
    decoder.feed(QByteArrayView(bytes).chopped(1));
    QVERIFY(!decoder.next());
    QVERIFY(decoder.error().empty());
    decoder.feed(QByteArrayView(bytes).last(1));
    QVERIFY(decoder.next());
}

void tst_FrameDecoder::refusesPublisher_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char *name, const QByteArray &body, const char *reason) {
        QTest::newRow(name) << body << QByteArray(reason);
    };
    const auto hex = [](const char *text) { return QByteArray::fromHex(text); };

    row("nothing", {}, "at byte 0");
    row("no array", hex("a0"), "expected an array of two");
    row("array of three", hex("830280f6"), "expected an array of two");
    row("endless array of three", hex("9f02bfff00ff"), "expected the end of the message");
    row("number is text", hex("826178bfff"), "expected an unsigned integer");
    row("number without fields", hex("8102"), "expected an array of two");
    row("fields are no map", hex("820280"), "expected a map");
    row("bytes behind", hex("8202bfff00"), "bytes after the message");
    row("a second hello", hex("8201bf0101ff"), "a second hello");
    row("watcher's message", hex("8210bf0101ff"), "does not belong");
    row("map without end", hex("8202bf"), "message 2");
    row("odd map", hex("8202bf01ff"), "message 2");
    row("field twice", frameBody("01010102"), "expected each field once");
    row("unknown field twice", frameBody("183c01183c01"), "expected each field once");
    row("field 64", frameBody("184001"), "expected a number up to 63");
    row("field -1", frameBody("2001"), "expected an unsigned integer");
    row("named field", frameBody("617801"), "expected an unsigned integer");
    row("number is a real", frameBody("01fa3f800000"), "expected an unsigned integer");
    row("negative count", frameBody("0120"), "expected an unsigned integer");
    row("count over 32 bits", frameBody("051b0000000100000000"), "expected a number up to 4294967295");
    row("duration over 63 bits", frameBody("031b8000000000000000"), "expected an integer of 64 bits");
    row("duration under 64 bits", frameBody("033b8000000000000000"), "expected an integer of 64 bits");
    row("duration of -2^64", frameBody("033bffffffffffffffff"), "expected an integer of 64 bits");
    row("tagged number", frameBody("01c101"), "expected an unsigned integer");
    row("null", frameBody("01f6"), "expected an unsigned integer");
    row("loops are a map", frameBody("06a0"), "expected an array");
    row("loop is a number", frameBody("068101"), "expected a map");
    row("array longer than the message", frameBody("069bffffffffffffffff"), "message 2");
    row("flag is a number", loopBody("0501"), "expected true or false");
    row("text is bytes", loopBody("024161"), "expected a text");
    row("text is not UTF-8", loopBody("0261ff"), "UTF-8");
    row("text longer than the message", loopBody("027b7fffffffffffffff61"), "message 2");
    row("text of 1025 bytes", loopBody("02790401" + QByteArray(1025, 'x').toHex()),
        "expected a shorter text");
    row("text in long pieces",
        loopBody("027f" + ("790200" + QByteArray(512, 'x').toHex()).repeated(3) + "ff"),
        "expected a shorter text");
    row("text with a number in it", loopBody("027f01ff"), "message 2");
    row("not a number", loopBody("181da103fb7ff8000000000000"), "expected a finite real number");
    row("infinity", loopBody("181da103f97c00"), "expected a finite real number");
    row("real is an integer", loopBody("181da10301"), "expected a finite real number");
    row("histogram is text", loopBody("0ea1046105"), "expected a byte string");
    row("histogram of garbage", loopBody("0ea1044205ff"), "expected a histogram");
    row("unknown handler kind", loopBody("182881a10609"), "expected a number up to 5");
    row("unknown timer type", loopBody("182b81a10503"), "expected a number up to 2");
    row("table too long",
        loopBody("182899"
                 "0401" +
                 QByteArray("a0").repeated(1025)),
        "expected a shorter list");
    row("too many rows in all",
        frameBody("06990101" + ("bf182b990400" + QByteArray("a0").repeated(1024) + "ff").repeated(257)),
        "expected a shorter list");
    row("deep field", frameBody("183c" + QByteArray("81").repeated(100) + "00"), "message 2");
    row("very deep field", frameBody("183c" + QByteArray("81").repeated(1'000'000) + "00"), "message 2");
    row("deep maps", frameBody("183c" + QByteArray("bf00").repeated(1'000'000)), "message 2");
    row("many tags", frameBody("183c" + QByteArray("c1").repeated(1'000'000)), "message 2");
    row("unknown goodbye", hex("8203bf0106ff"), "expected a number up to 5");
    row("goodbye without reason", hex("8203bf0100ff"), "expected a reason");
}

void tst_FrameDecoder::refusesPublisher()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, reason);
    FrameDecoder decoder(Sender::Publisher);
    decoder.feed(encode(Hello()) + framed(body));
    QVERIFY(decoder.next());
    QVERIFY(!decoder.next());
    QVERIFY2(QByteArray::fromStdString(decoder.error()).contains(reason), decoder.error().c_str());
}

void tst_FrameDecoder::refusesWatcher_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("reason");
    const QByteArray hello = encode(WatcherHello());
    const auto interval = [](const char *hex) { return framed(QByteArray::fromHex(hex)); };
    QTest::newRow("request before hello")
        << encode(IntervalRequest()) << QByteArray("message 17 before the hello");
    QTest::newRow("two hellos") << hello + hello << QByteArray("a second hello");
    QTest::newRow("publisher's hello") << encode(Hello()) << QByteArray("message 1 does not belong");
    QTest::newRow("frame") << hello + encode(Frame()) << QByteArray("message 2 does not belong");
    QTest::newRow("unknown") << hello + interval("8212bfff") << QByteArray("message 18 does not belong");
    QTest::newRow("too fast") << hello + interval("8211bf0113ff") << QByteArray("expected an interval");
    QTest::newRow("too slow") << hello + interval("8211bf0119ea61ff") << QByteArray("expected an interval");
    QTest::newRow("backwards") << hello + interval("8211bf0120ff") << QByteArray("expected an interval");
    QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r\n\r\n")
                          << QByteArray("a message of 1195725856 bytes");
    QTest::newRow("zeros") << QByteArray(100, '\0') << QByteArray("at byte 0");
    QTest::newRow("too long") << hello + framed(QByteArray(5000, '\0'))
                              << QByteArray("a message of 5000 bytes");
}

void tst_FrameDecoder::refusesWatcher()
{
    QFETCH(const QByteArray, stream);
    QFETCH(const QByteArray, reason);
    FrameDecoder decoder(Sender::Watcher);
    decoder.feed(stream);
    while (decoder.next())
        ;
    QVERIFY2(QByteArray::fromStdString(decoder.error()).contains(reason), decoder.error().c_str());
}

void tst_FrameDecoder::refusesLongMessageByItsLength()
{
    FrameDecoder decoder(Sender::Publisher);
    decoder.feed(QByteArray::fromHex("00400001"));
    QVERIFY(!decoder.next());
    QCOMPARE(decoder.error(), "a message of 4194305 bytes, more than 4194304");
}

void tst_FrameDecoder::staysBroken()
{
    FrameDecoder decoder(Sender::Publisher);
    decoder.feed(framed("x"));
    QVERIFY(!decoder.next());
    const std::string reason = decoder.error();
    QVERIFY(!reason.empty());
    decoder.feed(session());
    QVERIFY(!decoder.next());
    QCOMPARE(decoder.error(), reason);
}

void tst_FrameDecoder::skipsUnknownMessages()
{
    FrameDecoder decoder(Sender::Publisher);
    decoder.feed(encode(Hello()) + framed(QByteArray::fromHex("8209a1018263666f6fa0")) + encode(Frame()));
    QVERIFY(decoder.next());
    const auto message = decoder.next();
    QVERIFY(message);
    QVERIFY(std::holds_alternative<Frame>(*message));
}

void tst_FrameDecoder::helloOfAnotherVersion()
{
    // Version 2, in which field 2 has become a text.
    FrameDecoder decoder(Sender::Publisher);
    decoder.feed(framed(QByteArray::fromHex("8201a2010202"
                                            "6178")) +
                 encode(Frame()));
    const auto message = decoder.next();
    QVERIFY(message);
    QCOMPARE(std::get<Hello>(*message).protocolVersion, 2u);
    QVERIFY(!decoder.next());
    QCOMPARE(decoder.error(), "message 2 of protocol version 2");

    FrameDecoder without(Sender::Publisher);
    without.feed(framed(QByteArray::fromHex("8201a0")));
    QVERIFY(!without.next());
    QCOMPARE(without.error(), "message 1: expected a version at byte 3");
}

void tst_FrameDecoder::everyTruncatedBodyIsRefused()
{
    Frame frame;
    LoopFrame &loop = frame.loops.emplace_back();
    loop.threadName = "main";
    loop.passTime.histogram = Histogram({{5, 1}, {200, 300}});
    loop.taskDepth.average = 1.5;
    loop.stalls.resize(2);
    const QByteArray body = encode(frame).sliced(LengthPrefixBytes);
    for (qsizetype size = 0; size < body.size(); ++size) {
        FrameDecoder decoder(Sender::Publisher);
        decoder.feed(encode(Hello()) + framed(body.first(size)));
        QVERIFY(decoder.next());
        QVERIFY2(!decoder.next(), qPrintable(QString::number(size)));
        QVERIFY(!decoder.error().empty());
    }
}

QTEST_GUILESS_MAIN(tst_FrameDecoder)
#include "tst_framedecoder.moc"
