// SPDX-License-Identifier: MIT
#include "model/limit.h"

#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;
using namespace std::chrono_literals;

namespace {

/// Figures of ten seconds, each different from the others.
SpanFigures someFigures()
{
    SpanFigures figures;
    figures.measured = 10s;
    figures.series[static_cast<std::size_t>(SeriesKind::Handler)] = {
        .count = 100, .p50 = 1ms, .p90 = 5ms, .p99 = 20ms, .max = 120ms, .mean = 2ms};
    figures.series[static_cast<std::size_t>(SeriesKind::TimerLateness)] = {
        .count = 10, .p50 = 30us, .p90 = 40us, .p99 = 50us, .max = 60us, .mean = 35us};
    figures.events = 1000;
    figures.stalls = 2;
    figures.missedTicks = 7;
    figures.busy = 8s;
    figures.blocked = 2s;
    figures.taskDepthMax = 3;
    figures.postedDepthMax = 40;
    return figures;
}

Limit limitOf(const QString &text)
{
    QString complaint;
    const std::optional<Limit> limit = Limit::parse(text, complaint);
    return limit ? *limit : Limit();
}

} // namespace

class tst_Limit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isBroken_data();
    void isBroken();
    void isNoLimit_data();
    void isNoLimit();
    void namesALoop_data();
    void namesALoop();
    void unknownIsNoValue_data();
    void unknownIsNoValue();
};

void tst_Limit::isBroken_data()
{
    QTest::addColumn<bool>("broken");
    QTest::addColumn<QString>("value");
    const auto row = [](const char *limit, bool broken, const QString &value) {
        QTest::newRow(limit) << broken << value;
    };
    row("p99>16ms", true, QStringLiteral("20.0 ms"));
    row("p99>20ms", false, QStringLiteral("20.0 ms"));
    row("p99>=20ms", true, QStringLiteral("20.0 ms"));
    row("p99 > 0.016 s", true, QStringLiteral("20.0 ms"));
    row("p50>1500us", false, QStringLiteral("1.00 ms"));
    row("p50>900\302\265s", true, QStringLiteral("1.00 ms"));
    row("p90<6e6ns", true, QStringLiteral("5.00 ms"));
    row("max>121ms", false, QStringLiteral("120 ms"));
    row("mean<=2ms", true, QStringLiteral("2.00 ms"));
    row("lateness.p99>49us", true, QString::fromUtf8("50.0 \302\265s"));
    row("lateness.max>60us", false, QString::fromUtf8("60.0 \302\265s"));
    row("stalls>0", true, QStringLiteral("2"));
    row("stalls>2", false, QStringLiteral("2"));
    row("missed>6", true, QStringLiteral("7"));
    row("queue>39", true, QStringLiteral("40"));
    row("busy>80%", false, QStringLiteral("80 %"));
    row("busy>=79.9%", true, QStringLiteral("80 %"));
    row("events<101", true, QStringLiteral("100 /s"));
    row("events<100/s", false, QStringLiteral("100 /s"));
}

void tst_Limit::isBroken()
{
    QFETCH(bool, broken);
    QFETCH(QString, value);
    const QString text = QString::fromUtf8(QTest::currentDataTag());
    QString complaint;
    const std::optional<Limit> limit = Limit::parse(text, complaint);
    QVERIFY2(limit, qPrintable(complaint));
    QCOMPARE(limit->text(), text);
    const std::optional<double> figure = limit->valueIn(someFigures());
    QVERIFY(figure);
    QCOMPARE(limit->isBrokenBy(*figure), broken);
    QCOMPARE(limit->valueText(*figure), value);
}

void tst_Limit::isNoLimit_data()
{
    QTest::addColumn<QString>("hint");
    const auto row = [](const char *limit, const char *hint) {
        QTest::newRow(limit) << QString::fromUtf8(hint);
    };
    row("", "p99>16ms");
    row("p99", "p99>16ms");
    row("p99>", "p99>16ms");
    row("p99=16ms", "p99>16ms");
    row("p98>16ms", "lateness.");
    row("lateness.stalls>1", "lateness.");
    row("p99>16", "a time with its unit");
    row("p99>16min", "a time with its unit");
    row("p99>1.2.3ms", "a time with its unit");
    row("stalls>1ms", "a number");
    row("busy>80", "a percentage");
    row("events<1ms", "per second");
}

void tst_Limit::isNoLimit()
{
    QFETCH(QString, hint);
    QString complaint;
    QVERIFY(!Limit::parse(QString::fromUtf8(QTest::currentDataTag()), complaint));
    QVERIFY2(complaint.contains(hint), qPrintable(complaint));
}

void tst_Limit::namesALoop_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("p99>1ms") << QString();
    QTest::newRow("main:p99>1ms") << QStringLiteral("main");
    QTest::newRow("Thread (pooled): stalls>0") << QStringLiteral("Thread (pooled)");
    QTest::newRow("a:b:stalls>0") << QStringLiteral("a:b");
}

void tst_Limit::namesALoop()
{
    QFETCH(QString, name);
    QCOMPARE(limitOf(QString::fromUtf8(QTest::currentDataTag())).loopName(), name);
}

void tst_Limit::unknownIsNoValue_data()
{
    QTest::addColumn<bool>("unused");
    for (const char *const limit : {"p99>1ms", "lateness.max>1ms", "task.p99>1ms", "busy>1%"})
        QTest::newRow(limit) << true;
}

void tst_Limit::unknownIsNoValue()
{
    const QString text = QString::fromUtf8(QTest::currentDataTag());
    SpanFigures idle;
    QCOMPARE(limitOf(text).valueIn(idle), std::nullopt);
    idle.measured = 10s;
    QCOMPARE(limitOf(text).valueIn(idle), std::nullopt);
    QCOMPARE(limitOf(QStringLiteral("stalls>0")).valueIn(idle), 0.0);
}

QTEST_GUILESS_MAIN(tst_Limit)
#include "tst_limit.moc"
