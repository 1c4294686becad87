// SPDX-License-Identifier: MIT
#include "telemetry/protocol/framecodec.h"

#include "telemetry/protocol/framebounds.h"

#include "telemetry/samples.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtTest/qtest.h>

#include <limits>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using Flywheel::Telemetry::Test::sample;

using Sender = FrameDecoder::Sender;

namespace {

template <typename T>
constexpr Sender SenderOf =
    MessageNumber<T> < MessageNumber<WatcherHello> ? Sender::Publisher : Sender::Watcher;

/// What a decoder makes of \a bytes that follow the hello, or are one.
template <typename T>
std::optional<T> decodeAs(const QByteArray &bytes)
{
    FrameDecoder decoder(SenderOf<T>);
    if constexpr (!requires { T::protocolVersion; }) {
        decoder.feed(SenderOf<T> == Sender::Publisher ? encode(Hello()) : encode(WatcherHello()));
        decoder.next();
    }
    decoder.feed(bytes);
    auto message = decoder.next();
    if (!message || !std::holds_alternative<T>(*message)) {
        qWarning("%s", decoder.error().c_str());
        return {};
    }
    return std::get<T>(*std::move(message));
}

QByteArray golden(const char *name)
{
    QFile file(QStringLiteral(GOLDEN_DIRECTORY "/v1/%1.hex").arg(QLatin1String(name)));
    return file.open(QIODevice::ReadOnly) ? QByteArray::fromHex(file.readAll()) : QByteArray();
}

/// With a new field, rename the former file (frame-1.hex), so that it is still read, and make the new one
/// with FLYWHEEL_WRITE_GOLDEN=1.
void writeGolden(const char *name, const QByteArray &bytes)
{
    QFile file(QStringLiteral(GOLDEN_DIRECTORY "/v1/%1.hex").arg(QLatin1String(name)));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QByteArray hex = bytes.toHex();
    for (qsizetype at = 0; at < hex.size(); at += 100)
        file.write(hex.mid(at, 100) + '\n');
}

template <typename T>
void checkGolden(const char *name)
{
    const QByteArray bytes = encode(sample<T>());
    if (qEnvironmentVariableIsSet("FLYWHEEL_WRITE_GOLDEN"))
        writeGolden(name, bytes);
    QCOMPARE(bytes.toHex(), golden(name).toHex());
    const auto decoded = decodeAs<T>(golden(name));
    QVERIFY(decoded);
    QCOMPARE(encode(*decoded).toHex(), bytes.toHex());
}

} // namespace

class tst_FrameCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldenHello() { checkGolden<Hello>("hello"); }
    void goldenFrame() { checkGolden<Frame>("frame"); }
    void goldenGoodbye() { checkGolden<Goodbye>("goodbye"); }
    void goldenWatcherHello() { checkGolden<WatcherHello>("watcherhello"); }
    void goldenIntervalRequest() { checkGolden<IntervalRequest>("intervalrequest"); }
    void goldenOfAnotherWriter();
    void goldenOfFormerWriters_data();
    void goldenOfFormerWriters();
    void fieldsKeepTheirValues();
    void extremeNumbers();
    void durationsAreBounded();
    void impossibleMomentsAreRefused_data();
    void impossibleMomentsAreRefused();
    void emptyFrameIsSmall();
    void emptyTableIsNotAnAbsentOne();
    void longTextIsCutBetweenCharacters();
    void brokenTextIsMended();
    void longTablesAreCut();
    void tooManyLoopsAreCounted();
    void tooManyBytesAreCounted();
};

void tst_FrameCodec::goldenOfAnotherWriter()
{
    // Made by hand: definite lengths, all widths of integers and reals, unknown fields and elements, reversed
    // order.
    const auto frame = decodeAs<Frame>(golden("foreign"));
    QVERIFY(frame);
    QCOMPARE(frame->sequence, 7u);
    QCOMPARE(frame->takenAt, std::chrono::seconds(1));
    QCOMPARE(frame->loops.size(), 1u);
    const LoopFrame &loop = frame->loops.front();
    QCOMPARE(loop.loopId, 2u);
    QCOMPARE(loop.threadName, "worker");
    QCOMPARE(loop.taskDepth.average, 1.5);
    QCOMPARE(loop.timers.average, 0.25);
    QCOMPARE(loop.notifiers.average, 0.1);
    QCOMPARE(loop.handlerRuns, (std::array<std::uint64_t, HandlerKindCount>{1, 2, 3, 4, 5, 6}));
    QVERIFY(loop.passTime.histogram == Histogram({{5, 1}, {200, 300}}));
}

void tst_FrameCodec::goldenOfFormerWriters_data()
{
    QTest::addColumn<QString>("name");
    const QDir directory(QStringLiteral(GOLDEN_DIRECTORY "/v1"));
    for (const QString &name : directory.entryList({QStringLiteral("frame*.hex")}))
        QTest::newRow(qPrintable(name)) << name.chopped(4);
}

void tst_FrameCodec::goldenOfFormerWriters()
{
    QFETCH(const QString, name);
    const auto frame = decodeAs<Frame>(golden(name.toUtf8().constData()));
    QVERIFY(frame);
    QCOMPARE(frame->loops.size(), 2u);
    QVERIFY(frame->loops[1].passTime.histogram.count() > 0);
}

void tst_FrameCodec::fieldsKeepTheirValues()
{
    Frame frame;
    frame.takenAt = std::chrono::nanoseconds(123'456'789'012'345);
    LoopFrame &loop = frame.loops.emplace_back();
    loop.threadName = "main";
    loop.handlerTime[1] = {
        .count = 3, .sum = std::chrono::nanoseconds(9), .maxEver = {}, .histogram = Histogram({{3, 3}})};
    loop.postedDepth = Gauge{};
    Stall &stall = loop.stalls.emplace_back();
    stall.kind = HandlerKind::Notifier;
    stall.className = "QTcpSocket";
    stall.id = -1;

    const auto decoded = decodeAs<Frame>(encode(frame));
    QVERIFY(decoded);
    QCOMPARE(decoded->takenAt, frame.takenAt);
    const LoopFrame &read = decoded->loops.at(0);
    QCOMPARE(read.threadName, "main");
    QCOMPARE(read.handlerTime[1].count, 3u);
    QVERIFY(read.handlerTime[1].histogram == Histogram({{3, 3}}));
    QCOMPARE(read.handlerTime[0].count, 0u);
    QVERIFY(read.postedDepth);
    QVERIFY(!read.ongoingStall);
    QCOMPARE(read.stalls.at(0).className, "QTcpSocket");
    QCOMPARE(read.stalls.at(0).id, -1);
    QVERIFY(read.stalls.at(0).kind == HandlerKind::Notifier);
}

void tst_FrameCodec::extremeNumbers()
{
    Frame frame;
    frame.sequence = std::numeric_limits<std::uint64_t>::max();
    frame.publishingCpu = std::chrono::nanoseconds::max();
    frame.omittedLoops = std::numeric_limits<std::uint32_t>::max();
    LoopFrame &loop = frame.loops.emplace_back();
    loop.taskDepth.average = std::numeric_limits<double>::max();
    loop.timers.average = std::numeric_limits<double>::quiet_NaN();

    const auto decoded = decodeAs<Frame>(encode(frame));
    QVERIFY(decoded);
    QCOMPARE(decoded->sequence, frame.sequence);
    QCOMPARE(decoded->publishingCpu,
             std::chrono::nanoseconds(LongestDuration)); // so that sums do not overflow
    QCOMPARE(decoded->omittedLoops, frame.omittedLoops);
    QCOMPARE(decoded->loops.at(0).taskDepth.average, double(std::numeric_limits<float>::max()));
    QCOMPARE(decoded->loops.at(0).timers.average, 0.0);
}

void tst_FrameCodec::durationsAreBounded()
{
    constexpr auto Most = std::chrono::nanoseconds::max();
    Frame frame;
    LoopFrame &loop = frame.loops.emplace_back();
    loop.interval = std::chrono::nanoseconds::min();
    loop.passTime.sum = Most;
    loop.handlerTime[2].sum = Most;
    loop.receivers.emplace().push_back({.className = "Hostile", .total = Most, .max = Most});
    loop.stalls.emplace_back().duration = Most;
    loop.ongoingStall = loop.stalls.front();

    const auto decoded = decodeAs<Frame>(encode(frame));
    QVERIFY(decoded);
    const LoopFrame &read = decoded->loops.at(0);
    QCOMPARE(read.interval, std::chrono::nanoseconds(0));
    for (const std::chrono::nanoseconds duration :
         {read.passTime.sum, read.handlerTime[2].sum, read.receivers->at(0).total, read.receivers->at(0).max,
          read.stalls.at(0).duration, read.ongoingStall->duration})
        QCOMPARE(duration, std::chrono::nanoseconds(LongestDuration));
}

void tst_FrameCodec::impossibleMomentsAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    static constexpr std::chrono::nanoseconds Late =
        std::chrono::nanoseconds::max() - std::chrono::seconds(1);
    const auto row = [](const char *name, auto change) {
        Frame frame;
        frame.loops.emplace_back().stalls.emplace_back();
        change(frame);
        QTest::newRow(name) << encode(frame);
    };
    row("frame", [](Frame &frame) { frame.takenAt = Late; });
    row("frame before the machine", [](Frame &frame) { frame.takenAt = std::chrono::nanoseconds(-1); });
    row("loop", [](Frame &frame) { frame.loops[0].takenAt = Late; });
    row("stall", [](Frame &frame) { frame.loops[0].stalls[0].beganMonotonic = Late; });
    row("ongoing stall", [](Frame &frame) { frame.loops[0].ongoingStall.emplace().beganMonotonic = Late; });
    row("wall clock", [](Frame &frame) { frame.takenAtWall += Late; });
    row("wall clock of a stall", [](Frame &frame) { frame.loops[0].stalls[0].began -= Late; });
}

void tst_FrameCodec::impossibleMomentsAreRefused()
{
    QFETCH(const QByteArray, bytes);
    FrameDecoder decoder(Sender::Publisher);
    decoder.feed(encode(Hello()) + bytes);
    QVERIFY(decoder.next());
    QVERIFY(!decoder.next());
    QVERIFY(QByteArray::fromStdString(decoder.error()).contains("time"));
}

void tst_FrameCodec::emptyFrameIsSmall()
{
    QCOMPARE(encode(Frame()).toHex(), QByteArray("00000004"
                                                 "8202bfff"));
}

void tst_FrameCodec::emptyTableIsNotAnAbsentOne()
{
    Frame frame;
    frame.loops.emplace_back().receivers.emplace();
    const auto decoded = decodeAs<Frame>(encode(frame));
    QVERIFY(decoded);
    QVERIFY(decoded->loops.at(0).receivers);
    QVERIFY(!decoded->loops.at(0).topTimers);
}

void tst_FrameCodec::longTextIsCutBetweenCharacters()
{
    std::string name = "x";
    while (name.size() <= MaxStringBytes)
        name += "\xE2\x82\xAC"; // the euro sign
    const auto decoded = decodeAs<WatcherHello>(encode(WatcherHello{.program = name}));
    QVERIFY(decoded);
    QCOMPARE(decoded->program, name.substr(0, MaxStringBytes));
    const auto shifted = decodeAs<WatcherHello>(encode(WatcherHello{.program = "x" + name}));
    QVERIFY(shifted);
    QCOMPARE(shifted->program, "x" + name.substr(0, MaxStringBytes - 3));
}

void tst_FrameCodec::brokenTextIsMended()
{
    const auto decoded = decodeAs<WatcherHello>(encode(WatcherHello{.program = "a\xFF"
                                                                               "b"}));
    QVERIFY(decoded);
    QCOMPARE(decoded->program, "a\xEF\xBF\xBD"
                               "b");
    const auto longer = decodeAs<WatcherHello>(encode(WatcherHello{.program = std::string(5000, '\xFF')}));
    QVERIFY(longer);
    QVERIFY(longer->program.size() <= MaxStringBytes);
}

void tst_FrameCodec::longTablesAreCut()
{
    Frame frame;
    frame.loops.emplace_back().stalls.resize(MaxTableRows + 10);
    const auto decoded = decodeAs<Frame>(encode(frame));
    QVERIFY(decoded);
    QCOMPARE(decoded->loops.at(0).stalls.size(), MaxTableRows);
}

void tst_FrameCodec::tooManyLoopsAreCounted()
{
    Frame frame;
    frame.loops.resize(MaxLoops + 5);
    const auto decoded = decodeAs<Frame>(encode(frame));
    QVERIFY(decoded);
    QCOMPARE(decoded->loops.size(), MaxLoops);
    QCOMPARE(decoded->omittedLoops, 5u);
}

void tst_FrameCodec::tooManyBytesAreCounted()
{
    Frame frame;
    frame.loops.resize(10);
    TimerStats row;
    row.className.assign(1000, 'c');
    for (LoopFrame &loop : frame.loops)
        loop.topTimers.emplace(900, row);
    const QByteArray bytes = encode(frame);
    QVERIFY(bytes.size() <= qsizetype(MaxPublisherBytes + LengthPrefixBytes));
    const auto decoded = decodeAs<Frame>(bytes);
    QVERIFY(decoded);
    QVERIFY(!decoded->loops.empty());
    QCOMPARE(decoded->loops.size() + decoded->omittedLoops, 10u);
}

QTEST_GUILESS_MAIN(tst_FrameCodec)
#include "tst_framecodec.moc"
