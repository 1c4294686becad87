// SPDX-License-Identifier: MIT
#include "model/report.h"

#include "monitor/support/watched.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

QList<Limit> limitsOf(const QStringList &texts)
{
    QList<Limit> limits;
    for (const QString &text : texts) {
        QString complaint;
        limits.push_back(*Limit::parse(text, complaint));
    }
    return limits;
}

} // namespace

/// What flywheel-monitor prints without a window.
class tst_Report : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsTheFiguresOfItsSpan();
    void limitsAreJudged();
    void whatIsNotMeasuredKeepsNoLimit();
    void stallsHaveTheirCulprits();
    void unknownIsNull();
};

void tst_Report::tellsTheFiguresOfItsSpan()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 15s)); // 10 handlers of 1 ms each 100 ms
    const Report report(watched.session, {12s, 15s}, {});
    QVERIFY(!report.isEmpty());
    const QString text = report.text();
    QVERIFY2(text.startsWith(QLatin1String("fake, main, 3.00 s: busy 10 %, 100 /s events")),
             qPrintable(text));
    const QJsonObject json = report.json();
    QCOMPARE(json[QLatin1String("seconds")].toDouble(), 3.0);
    const QJsonObject loop = json[QLatin1String("processes")][0][QLatin1String("loops")][0].toObject();
    QCOMPARE(loop[QLatin1String("name")].toString(), QStringLiteral("main"));
    QCOMPARE(loop[QLatin1String("busy")].toDouble(), 0.1);
    QCOMPARE(loop[QLatin1String("eventsPerSecond")].toDouble(), 100.0);
    QCOMPARE(loop[QLatin1String("handlers")][QLatin1String("count")].toInt(), 300);
    QVERIFY(Report(watched.session, {1s, 2s}, {}).isEmpty());
}

void tst_Report::limitsAreJudged()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 15s));
    const Report report(watched.session, {10s, 15s},
                        limitsOf({QStringLiteral("busy>5%"), QStringLiteral("main:p99>1s")}));
    QVERIFY(report.isAnyBroken());
    QVERIFY(!report.isAnyNotMeasured());
    QCOMPARE(report.limits().size(), 2u);
    QCOMPARE(report.limits()[0].breaches.size(), 1u);
    QCOMPARE(report.limits()[0].breaches[0].value, 0.1);
    QVERIFY2(report.text().endsWith(
                 QLatin1String("limit busy>5%: broken by fake, main: 10 %\nlimit main:p99>1s: kept\n")),
             qPrintable(report.text()));
    const QJsonValue json = report.json()[QLatin1String("limits")];
    QCOMPARE(json[0][QLatin1String("state")].toString(), QStringLiteral("broken"));
    QCOMPARE(json[0][QLatin1String("brokenBy")][0][QLatin1String("loop")].toString(), QStringLiteral("main"));
    QCOMPARE(json[1][QLatin1String("state")].toString(), QStringLiteral("kept"));
}

void tst_Report::whatIsNotMeasuredKeepsNoLimit()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 12s));
    const Report report(watched.session, {10s, 12s},
                        limitsOf({QStringLiteral("mian:stalls>0"), QStringLiteral("task.p99>1ms")}));
    QVERIFY(!report.isAnyBroken());
    QCOMPARE(report.limits()[0].state, LimitResult::State::NotMeasured);
    QCOMPARE(report.limits()[1].state, LimitResult::State::NotMeasured);
    QVERIFY(report.text().contains(QLatin1String("limit mian:stalls>0: not measured\n")));
}

void tst_Report::stallsHaveTheirCulprits()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(8s, 9s));
    Telemetry::LoopFrame loop = idleLoop(10s);
    for (std::uint64_t number = 1; number <= 12; ++number)
        loop.stalls.push_back(stall(number, 8s + number * 100ms, 60ms));
    loop.ongoingStall = stall(13, 9900ms, 100ms);
    QVERIFY(watched.show(10s, {loop}));
    const Report report(watched.session, {8s, 10s}, limitsOf({QStringLiteral("stalls>12")}));
    QVERIFY(report.isAnyBroken());
    QCOMPARE(report.text().count(QLatin1String("timer 7 of EchoServer \"front\"")), 10);
    QVERIFY(report.text().contains(QLatin1String("  3 stalls before these\n")));
    const QJsonValue stalls =
        report.json()[QLatin1String("processes")][0][QLatin1String("loops")][0][QLatin1String("stalls")];
    QCOMPARE(stalls.toArray().size(), 13);
    QCOMPARE(stalls[12][QLatin1String("durationNs")].toInt(), 100'000'000);
}

void tst_Report::unknownIsNull()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(10s, {idleLoop(10s)}));
    QVERIFY(watched.show(10100ms, {idleLoop(10100ms)}));
    const QJsonValue loop = Report(watched.session, {10s, 10100ms}, {})
                                .json()[QLatin1String("processes")][0][QLatin1String("loops")][0];
    QCOMPARE(loop[QLatin1String("handlers")][QLatin1String("p99Ns")], QJsonValue());
    QCOMPARE(loop[QLatin1String("postedQueueMax")], QJsonValue());
    QCOMPARE(loop[QLatin1String("busy")].toDouble(-1), 0.0);
}

QTEST_GUILESS_MAIN(tst_Report)
#include "tst_report.moc"
