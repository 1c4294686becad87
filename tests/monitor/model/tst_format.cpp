// SPDX-License-Identifier: MIT
#include "model/format.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace std::chrono_literals;

class tst_Format : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void foreignNamesAreMadePlain();
    void textIsNeverTakenForHtml();
    void durations_data();
    void durations();
    void rates_data();
    void rates();
    void percents_data();
    void percents();
    void counts();
    void bytes();
    void times();
    void intervals();
    void handlerIds();
};

void tst_Format::durations_data()
{
    QTest::addColumn<std::chrono::nanoseconds>("value");
    QTest::addColumn<QString>("text");
    const auto row = [](std::chrono::nanoseconds value, const char *text) {
        QTest::newRow(text) << value << QString::fromUtf8(text);
    };
    row(0ns, "0 ns");
    row(7ns, "7 ns");
    row(980ns, "980 ns");
    row(999ns, "999 ns");
    row(1000ns, "1.00 µs");
    row(999'499ns, "999 µs");
    row(999'500ns, "1.00 ms");
    row(1'240us, "1.24 ms");
    row(9'994us, "9.99 ms");
    row(9'996us, "10.0 ms");
    row(99'960us, "100 ms");
    row(121ms, "121 ms");
    row(59'900ms, "59.9 s");
    row(59'960ms, "1 min 0 s");
    row(200s, "3 min 20 s");
    row(2h + 5min, "2 h 5 min");
    row(-1'500us, "-1.50 ms");
}

void tst_Format::durations()
{
    QFETCH(const std::chrono::nanoseconds, value);
    QTEST(Format::duration(value), "text");
}

void tst_Format::rates_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << 0.0 << QStringLiteral("0 /s");
    QTest::newRow("rare") << 0.25 << QStringLiteral("0.25 /s");
    QTest::newRow("some") << 98.04 << QStringLiteral("98.0 /s");
    QTest::newRow("hundreds") << 980.4 << QStringLiteral("980 /s");
    QTest::newRow("rounded up") << 999.6 << QStringLiteral("1.00 k/s");
    QTest::newRow("thousands") << 12'400.0 << QStringLiteral("12.4 k/s");
    QTest::newRow("millions") << 3.5e6 << QStringLiteral("3.50 M/s");
}

void tst_Format::rates()
{
    QFETCH(const double, value);
    QTEST(Format::rate(value), "text");
}

void tst_Format::percents_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << 0.0 << QStringLiteral("0 %");
    QTest::newRow("hardly") << 0.0001 << QStringLiteral("< 0.1 %");
    QTest::newRow("little") << 0.004 << QStringLiteral("0.4 %");
    QTest::newRow("below ten") << 0.0994 << QStringLiteral("9.9 %");
    QTest::newRow("ten") << 0.0996 << QStringLiteral("10 %");
    QTest::newRow("much") << 0.634 << QStringLiteral("63 %");
    QTest::newRow("all") << 1.0 << QStringLiteral("100 %");
}

void tst_Format::percents()
{
    QFETCH(const double, value);
    QTEST(Format::percent(value), "text");
}

void tst_Format::counts()
{
    QCOMPARE(Format::count(0), QStringLiteral("0"));
    QCOMPARE(Format::count(9'999), QStringLiteral("9999"));
    QCOMPARE(Format::count(12'412), QStringLiteral("12.4 k"));
    QCOMPARE(Format::count(1'240'000), QStringLiteral("1.24 M"));
    QCOMPARE(Format::mean(0), QStringLiteral("0"));
    QCOMPARE(Format::mean(1.238), QStringLiteral("1.24"));
}

void tst_Format::bytes()
{
    QCOMPARE(Format::bytes(980), QStringLiteral("980 B"));
    QCOMPARE(Format::bytes(4'100'000), QStringLiteral("4.10 MB"));
}

void tst_Format::times()
{
    const WallTime time(1'700'000'000s + 220ms); // 2023-11-14 22:13:20.220 UTC
    QCOMPARE(Format::clockTime(time), QStringLiteral("22:13:20.220"));
    QCOMPARE(Format::clockTime(1'700'000'000s + 220'418'999ns, 0), QStringLiteral("22:13:20"));
    QCOMPARE(Format::clockTime(1'700'000'000s + 220'418'999ns, 6), QStringLiteral("22:13:20.220418"));
    QCOMPARE(Format::clockTime(1'700'000'000s + 999'999'999ns, 3), QStringLiteral("22:13:20.999"));
    QCOMPARE(Format::clockTime(1'700'000'000s + 7ns, 9), QStringLiteral("22:13:20.000000007"));
    QCOMPARE(Format::clockTime(-1ns, 3), QStringLiteral("23:59:59.999"));
    QCOMPARE(Format::dateTime(time), QStringLiteral("2023-11-14 22:13:20.220"));
    QCOMPARE(Format::elapsed(192s), QStringLiteral("00:03:12"));
    QCOMPARE(Format::elapsed(101h + 1s), QStringLiteral("101:00:01"));
}

void tst_Format::intervals()
{
    QCOMPARE(Format::interval(0ns), QStringLiteral("0 ms"));
    QCOMPARE(Format::interval(20ms), QStringLiteral("20 ms"));
    QCOMPARE(Format::interval(1500ms), QStringLiteral("1.5 s"));
    QCOMPARE(Format::interval(100ms), QStringLiteral("100 ms"));
    QCOMPARE(Format::interval(1min), QStringLiteral("1 min"));
}

void tst_Format::handlerIds()
{
    QCOMPARE(Format::handlerId(HandlerKind::Timer, 7), QStringLiteral("timer 7"));
    QCOMPARE(Format::handlerId(HandlerKind::Timer, -3), QStringLiteral("timeout 3"));
    QCOMPARE(Format::handlerId(HandlerKind::Notifier, 0), QStringLiteral("descriptor 0"));
    QCOMPARE(Format::handlerId(HandlerKind::PostedEvent, 1000), QStringLiteral("event type 1000"));
    QCOMPARE(Format::handlerId(HandlerKind::PostedEvent, 43), QStringLiteral("MetaCall event"));
    QCOMPARE(Format::handlerId(HandlerKind::WindowEvent, 77), QStringLiteral("UpdateRequest event"));
    QCOMPARE(Format::handlerId(HandlerKind::PostedEvent, -5), QStringLiteral("event type -5"));
    QCOMPARE(Format::handlerId(HandlerKind::Task, 0), QString());
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        QVERIFY(!Format::handlerKind(static_cast<HandlerKind>(kind)).isEmpty());
}

void tst_Format::foreignNamesAreMadePlain()
{
    const QChar mark(QChar::ReplacementCharacter);
    QCOMPARE(Format::plain(QStringLiteral("a\x1b[2Jb\nc\td\re")),
             QStringLiteral("a%1[2Jb%1c%1d%1e").arg(mark));
    QCOMPARE(Format::plain(QString(QChar(0)) + QChar(0x9b) + QChar(0x7f)), QString(3, mark));
    QCOMPARE(Format::plain(QString(QChar(0x202e)) + QStringLiteral("exe.txt")),
             mark + QStringLiteral("exe.txt"));
    QCOMPARE(Format::plain(QString(QChar(0x2066)) + QChar(0x2028) + QChar(0xfeff)), QString(3, mark));
    const QString harmless = QString::fromUtf8("QList<int> \"größer\" 日本語 😀");
    QCOMPARE(Format::plain(harmless), harmless);
    QCOMPARE(Format::plain(std::string_view("a\xe2\x80\xaeZ\xff")), std::string("a\uFFFDZ\uFFFD"));
}

void tst_Format::textIsNeverTakenForHtml()
{
    QCOMPARE(Format::literally(QStringLiteral("main & co")), QStringLiteral("main & co"));
    QCOMPARE(Format::literally(QStringLiteral("<b>x</b>\n<img src=y>")),
             QStringLiteral("<qt>&lt;b&gt;x&lt;/b&gt;<br>&lt;img src=y&gt;</qt>"));
    QCOMPARE(Format::literally(QStringLiteral("&lt;b&gt;")), QStringLiteral("<qt>&amp;lt;b&amp;gt;</qt>"));
}

QTEST_APPLESS_MAIN(tst_Format)
#include "tst_format.moc"
