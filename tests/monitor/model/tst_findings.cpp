// SPDX-License-Identifier: MIT
#include "model/findings.h"

#include "monitor/support/watched.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <functional>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using Kind = Finding::Kind;

Q_DECLARE_METATYPE(Flywheel::Monitor::Finding::Kind)

namespace {

constexpr Time Begin = 100s;
constexpr Time End = 112s;

/// Ten seconds of a loop: \a change makes each frame, of a calm loop at first, what the test wants; \a second
/// counts from 1.
using Change = std::function<void(Telemetry::LoopFrame &frame, int second)>;

TimerStats timer(std::uint64_t fired, Duration interval, Qt::TimerType type = Qt::PreciseTimer,
                 Duration lateness = 50us)
{
    TimerStats result;
    result.className = "Poller";
    result.objectName = "inbox";
    result.id = 3;
    result.interval = interval;
    result.type = type;
    result.fired = fired;
    result.total = 10us * static_cast<std::int64_t>(fired);
    result.max = 50us;
    result.latenessMean = lateness;
    result.latenessP99 = lateness;
    return result;
}

std::vector<Finding> findingsAfter(Watched &watched, const Change &change)
{
    for (Time at = Begin; at <= End; at += 100ms) {
        Telemetry::LoopFrame frame = busyLoop(at, 10ms);
        frame.passes = 10;
        change(frame, static_cast<int>((at - Begin) / 1s) + 1);
        if (!watched.show(at, {frame}))
            return {};
    }
    return findingsOf(*watched.loop(), {End - 10s, End});
}

std::uint64_t runs(int second, std::uint64_t perSecond)
{
    return static_cast<std::uint64_t>(second) * perSecond;
}

void setBusy(Telemetry::LoopFrame &frame, Duration busy)
{
    frame.busy = busy;
    frame.blocked = 100ms - busy;
}

} // namespace

class tst_Findings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void found_data();
    void found();
    void notFound_data();
    void notFound();
    void sentencesAreComplete();
    void spinExplainsSaturation();
    void oneStallThatGoesOnIsFound();
    void theStallAProgramEndedInIsFound();
    void oneLongStallIsFound();
    void stallsOfNoObjectReadWell();
    void objectsAreNamed_data();
    void objectsAreNamed();
    void tooLittleMeasured();
};

void tst_Findings::found_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("words"); ///< of the cause or the figure
    const auto row = [](const char *name, Kind kind, const char *words, const Change &change) {
        QTest::newRow(name) << kind << change << QString::fromLatin1(words);
    };
    row("zero timer spins", Kind::ZeroTimerSpins, "Poller \"inbox\"",
        [](Telemetry::LoopFrame &frame, int second) {
            setBusy(frame, 97ms);
            frame.topTimers = {timer(runs(second, 12'000), 0ns)};
        });
    row("saturated", Kind::LoopSaturated, "97 % busy",
        [](Telemetry::LoopFrame &frame, int) { setBusy(frame, 97ms); });
    row("over the frame budget", Kind::HandlerOverFrameBudget, "longest 30",
        [](Telemetry::LoopFrame &frame, int) {
            if (frame.takenAt % 1s == 0ns)
                add(frame.handlerTime[0], series(1, 30ms));
        });
    row("queue grows", Kind::PostedQueueGrows, "queued", [](Telemetry::LoopFrame &frame, int second) {
        frame.postedDepth = Gauge{.current = runs(second, 100), .max = 0, .average = 0};
    });
    row("tasks grow", Kind::PostedQueueGrows, "queued",
        [](Telemetry::LoopFrame &frame, int second) { frame.taskDepth.current = runs(second, 100); });
    row("arrivals pile up", Kind::PostedQueueGrows, "24.0 k arrived and 10.0 k handled",
        [](Telemetry::LoopFrame &frame, int) {
            frame = busyLoop(frame.takenAt, 85ms, 100, HandlerKind::PostedEvent);
            frame.posts = 240;
        });
    row("a batch that does not end", Kind::PostedQueueGrows, "24.0 k arrived",
        [](Telemetry::LoopFrame &frame, int) {
            frame = idleLoop(frame.takenAt);
            setBusy(frame, 85ms);
            frame.posts = 240;
        });
    row("fast timer", Kind::FastTimerWakesIdleLoop, "interval of 2 ms",
        [](Telemetry::LoopFrame &frame, int second) {
            frame.passes = 50;
            frame.topTimers = {timer(runs(second, 500), 2ms)};
        });
    row("lateness without load", Kind::LatenessWithoutLoad, "coarse",
        [](Telemetry::LoopFrame &frame, int second) {
            frame.topTimers = {timer(runs(second, 10), 100ms, Qt::CoarseTimer, 4ms)};
        });
    row("deep nesting", Kind::DeepNesting, "5 loops",
        [](Telemetry::LoopFrame &frame, int second) { frame.nestingDepth = second == 5 ? 5 : 1; });
    row("many notifiers for poll", Kind::TooManyNotifiersForPoll, "340 notifiers",
        [](Telemetry::LoopFrame &frame, int) {
            frame.poller = "poll";
            frame.notifiers.current = 340;
        });
}

void tst_Findings::found()
{
    QFETCH(const Kind, kind);
    QFETCH(const Change, change);
    QFETCH(const QString, words);
    Watched watched;
    QVERIFY(watched.isAttached());
    const auto findings = findingsAfter(watched, change);
    QCOMPARE(findings.size(), 1u);
    QVERIFY(findings[0].kind == kind);
    const QString said = findings[0].cause + QLatin1Char(' ') + findings[0].figure;
    QVERIFY2(said.contains(words), qPrintable(said));
}

void tst_Findings::notFound_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char *name, const Change &change) { QTest::newRow(name) << change; };
    row("calm loop", [](Telemetry::LoopFrame &, int) {});
    row("zero timer now and then",
        [](Telemetry::LoopFrame &frame, int second) { frame.topTimers = {timer(runs(second, 20), 0ns)}; });
    row("zero timer on a calm loop",
        [](Telemetry::LoopFrame &frame, int second) { frame.topTimers = {timer(runs(second, 400), 0ns)}; });
    row("busy, not saturated", [](Telemetry::LoopFrame &frame, int) { setBusy(frame, 85ms); });
    row("a long handler once", [](Telemetry::LoopFrame &frame, int second) {
        if (second == 5 && frame.takenAt % 1s == 0ns)
            add(frame.handlerTime[0], series(1, 120ms));
    });
    row("many handlers within the budget",
        [](Telemetry::LoopFrame &frame, int) { add(frame.handlerTime[0], series(2, 15ms)); });
    row("queue that is emptied", [](Telemetry::LoopFrame &frame, int second) {
        frame.taskDepth.current = second % 4 == 0 ? 5000 : 0;
    });
    row("long queue that does not grow",
        [](Telemetry::LoopFrame &frame, int) { frame.taskDepth.current = 5000; });
    row("short queue", [](Telemetry::LoopFrame &frame, int second) {
        frame.taskDepth.current = static_cast<std::uint64_t>(second);
    });
    row("timer of 20 ms",
        [](Telemetry::LoopFrame &frame, int second) { frame.topTimers = {timer(runs(second, 50), 20ms)}; });
    row("fast timer of a busy loop", [](Telemetry::LoopFrame &frame, int second) {
        setBusy(frame, 50ms);
        frame.topTimers = {timer(runs(second, 500), 2ms)};
    });
    row("fast timer among much else", [](Telemetry::LoopFrame &frame, int second) {
        frame.passes = 500;
        frame.topTimers = {timer(runs(second, 500), 2ms)};
    });
    row("coarse timer of 5 s", [](Telemetry::LoopFrame &frame, int second) {
        frame.topTimers = {timer(runs(second, 1), 5s, Qt::CoarseTimer, 100ms)};
    });
    row("coarse timer that is in time", [](Telemetry::LoopFrame &frame, int second) {
        frame.topTimers = {timer(runs(second, 10), 100ms, Qt::CoarseTimer, 200us)};
    });
    row("late because of load", [](Telemetry::LoopFrame &frame, int second) {
        setBusy(frame, 50ms);
        frame.topTimers = {timer(runs(second, 10), 100ms, Qt::CoarseTimer, 4ms)};
    });
    row("a dialog", [](Telemetry::LoopFrame &frame, int) { frame.nestingDepth = 2; });
    row("few notifiers for poll", [](Telemetry::LoopFrame &frame, int) {
        frame.poller = "poll";
        frame.notifiers.current = 12;
    });
    row("many notifiers for epoll", [](Telemetry::LoopFrame &frame, int) { frame.notifiers.current = 340; });
}

void tst_Findings::notFound()
{
    QFETCH(const Change, change);
    Watched watched;
    QVERIFY(watched.isAttached());
    for (const Finding &finding : findingsAfter(watched, change))
        QFAIL(qPrintable(finding.cause + QLatin1Char(' ') + finding.figure));
    QVERIFY(watched.loop());
    QVERIFY(watched.loop()->history().span().length() > 10s);
}

void tst_Findings::sentencesAreComplete()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    const auto findings = findingsAfter(watched, [](Telemetry::LoopFrame &frame, int second) {
        setBusy(frame, 97ms);
        frame.poller = "poll";
        frame.notifiers.current = 340;
        frame.nestingDepth = 5;
        frame.taskDepth.current = runs(second, 100);
        add(frame.handlerTime[0], series(1, 30ms));
    });
    QCOMPARE(findings.size(), 5u);
    for (const Finding &finding : findings) {
        QVERIFY(finding.cause.endsWith(QLatin1Char('.')));
        QVERIFY(finding.advice.endsWith(QLatin1Char('.')));
        QVERIFY(!finding.figure.isEmpty() && !finding.figure.endsWith(QLatin1Char('.')));
    }
    QVERIFY(std::is_sorted(findings.begin(), findings.end(),
                           [](const Finding &a, const Finding &b) { return a.weight > b.weight; }));
}

void tst_Findings::spinExplainsSaturation()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    const auto findings = findingsAfter(watched, [](Telemetry::LoopFrame &frame, int second) {
        setBusy(frame, 99ms);
        frame.topTimers = {timer(runs(second, 12'000), 0ns)};
    });
    QCOMPARE(findings.size(), 1u);
    QVERIFY(findings[0].kind == Kind::ZeroTimerSpins);
    QVERIFY(findings[0].view == Finding::View::Timers);
    QCOMPARE(findings[0].subject, QStringLiteral("Poller"));
}

void tst_Findings::oneStallThatGoesOnIsFound()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 11s));
    Telemetry::LoopFrame frame = busyLoop(16s, 100ms);
    frame.ongoingStall = stall(1, 11s, 5s);
    QVERIFY(watched.show(16s, {frame}));
    const auto &findings = watched.loop()->findings();
    QVERIFY(!findings.empty());
    QVERIFY(findings[0].kind == Kind::LongStall);
    QVERIFY2(findings[0].cause.startsWith(
                 QStringLiteral("EchoServer \"front\" holds up this loop, for 5.00 s so far")),
             qPrintable(findings[0].cause));
}

void tst_Findings::theStallAProgramEndedInIsFound()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame frame = busyLoop(20s, 100ms);
    frame.ongoingStall = stall(1, 10'700ms, 9'300ms);
    QVERIFY(watched.show(20s, {frame}));
    watched.publisher.send(Telemetry::Goodbye{});
    QTRY_VERIFY(!watched.loop()->isRunning());
    const auto &findings = watched.loop()->findings();
    QVERIFY(!findings.empty());
    QCOMPARE(
        findings[0].cause,
        QStringLiteral("EchoServer \"front\" held up this loop for 9.30 s, and the program ended in it."));
}

void tst_Findings::oneLongStallIsFound()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    const auto findings = findingsAfter(watched, [](Telemetry::LoopFrame &frame, int) {
        if (frame.takenAt == End - 1s)
            frame.stalls = {stall(1, End - 4s, 2s), stall(2, End - 1500ms, 60ms)};
    });
    QCOMPARE(findings.size(), 1u);
    QVERIFY(findings[0].kind == Kind::LongStall);
    QCOMPARE(findings[0].cause, QStringLiteral("EchoServer \"front\" held up this loop for 2.00 s."));
    QCOMPARE(findings[0].figure, QStringLiteral("1 stall of 2.00 s"));
}

void tst_Findings::stallsOfNoObjectReadWell()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Stall slow = stall(1, 11s, 5s);
    slow.kind = HandlerKind::Task;
    slow.className = "(task)";
    slow.objectName.clear();
    slow.id = 0;
    Telemetry::LoopFrame frame = busyLoop(16s, 100ms);
    const auto cause = [&] {
        frame.takenAt += 1s;
        frame.ongoingStall = slow;
        return watched.show(frame.takenAt, {frame}) ? watched.loop()->findings().at(0).cause : QString();
    };
    QVERIFY2(cause().startsWith(QStringLiteral("A task holds up")), qPrintable(cause()));
    slow.wholePass = true;
    QVERIFY2(cause().startsWith(QStringLiteral("A pass of many handlers (mostly task) holds up")),
             qPrintable(cause()));
    slow.wholePass = false;
    slow.kind = HandlerKind::PostedBatch;
    QVERIFY2(cause().startsWith(QStringLiteral("A batch of posted events holds up")), qPrintable(cause()));
}

void tst_Findings::objectsAreNamed_data()
{
    QTest::addColumn<HandlerKind>("kind");
    QTest::addColumn<QByteArray>("className");
    QTest::addColumn<QByteArray>("objectName");
    QTest::addColumn<QString>("begin");
    QTest::newRow("task") << HandlerKind::Task << QByteArray("(task)") << QByteArray()
                          << QStringLiteral("A task blocks");
    QTest::newRow("timer") << HandlerKind::Timer << QByteArray("QTimer") << QByteArray("staller")
                           << QStringLiteral("QTimer \"staller\" blocks");
    QTest::newRow("class") << HandlerKind::PostedEvent << QByteArray("Sink") << QByteArray()
                           << QStringLiteral("Sink (posted event) blocks");
}

void tst_Findings::objectsAreNamed()
{
    QFETCH(const HandlerKind, kind);
    QFETCH(const QByteArray, className);
    QFETCH(const QByteArray, objectName);
    QFETCH(const QString, begin);
    Watched watched;
    QVERIFY(watched.isAttached());
    const auto findings = findingsAfter(watched, [&](Telemetry::LoopFrame &frame, int second) {
        if (frame.takenAt % 1s != 0ns)
            return;
        add(frame.handlerTime[0], series(1, 60ms));
        frame.receivers = {{.className = className.toStdString(),
                            .kind = kind,
                            .count = runs(second, 1),
                            .total = 60ms * second,
                            .max = 60ms}};
        Stall slow = stall(static_cast<std::uint64_t>(second), frame.takenAt - 60ms, 60ms);
        slow.kind = kind;
        slow.className = className.toStdString();
        slow.objectName = objectName.toStdString();
        frame.stalls = {slow};
    });
    QCOMPARE(findings.size(), 1u);
    QVERIFY2(findings[0].cause.startsWith(begin), qPrintable(findings[0].cause));
    QVERIFY2(findings[0].figure.contains(QStringLiteral(" in 10 s,")), qPrintable(findings[0].figure));
}

void tst_Findings::tooLittleMeasured()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    for (Time at = Begin; at <= Begin + 2s; at += 100ms)
        QVERIFY(watched.show(at, {busyLoop(at, 99ms, 50)}));
    QVERIFY(findingsOf(*watched.loop(), {Begin - 5s, Begin + 5s}).empty());
}

QTEST_GUILESS_MAIN(tst_Findings)
#include "tst_findings.moc"
