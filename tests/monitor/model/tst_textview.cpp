// SPDX-License-Identifier: MIT
#include "model/textview.h"

#include "monitor/support/watched.h"

#include <QtTest/qtest.h>

#include <algorithm>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

qsizetype longestLine(const QString &text)
{
    qsizetype longest = 0;
    for (const QString &line : text.split(QLatin1Char('\n')))
        longest = std::max(longest, line.size());
    return longest;
}

} // namespace

class tst_TextView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingPublishes();
    void oneRowALoop();
    void stallsStandBelow();
    void statesAreTold();
    void longNamesAreCut();
    void findingsAreWrapped();
    void fitsTheTerminal();
    void theWorstComesFirst();
    void unknownIsNoZero();
};

void tst_TextView::nothingPublishes()
{
    Session session;
    const QString text = textView(session);
    QVERIFY(text.contains(QLatin1String("flywheel-run")));
    QVERIFY(text.contains(QLatin1String("FLYWHEEL_TELEMETRY=1")));
    QVERIFY(longestLine(text) <= 100);
    session.attachWhenFound(QStringLiteral("p.py"));
    QCOMPARE(textView(session), QStringLiteral("Waiting for p.py.\n") + text);
}

void tst_TextView::oneRowALoop()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 15s));
    const QString text = textView(watched.session, {.columns = 100});
    QVERIFY(text.startsWith(QLatin1String("all loops well\n\nLoops, in the last 5 s")));
    const QStringList lines = text.split(QLatin1Char('\n')).mid(3);
    QVERIFY(lines[0].startsWith(QLatin1String("PROCESS")));
    QCOMPARE(lines[1].simplified().split(QLatin1Char(' ')).mid(0, 5),
             QStringList({QStringLiteral("fake"), QStringLiteral("main"), QStringLiteral("good"),
                          QStringLiteral("10"), QStringLiteral("%")}));
    QVERIFY(lines[1].contains(QLatin1String("100 /s"))); // 10 handlers each 100 ms
}

void tst_TextView::stallsStandBelow()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = idleLoop(10s);
    for (std::uint64_t number = 1; number <= 8; ++number)
        loop.stalls.push_back(stall(number, number * 1s, 121ms));
    loop.ongoingStall = stall(9, 9900ms, 100ms);
    QVERIFY(watched.show(10s, {loop}));
    const QString text = textView(watched.session);
    QCOMPARE(text.section(QLatin1String("Latest stalls"), 1).count(QLatin1String("EchoServer \"front\"")), 5);
    QVERIFY(text.contains(QLatin1String("and 4 more stalls")));
    QVERIFY(text.contains(QLatin1String("100 ms so far  main  timer 7 of EchoServer \"front\"")));
}

void tst_TextView::statesAreTold()
{
    Watched watched;
    QTRY_VERIFY(textView(watched.session).contains(QLatin1String("connecting")));
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 11s));
    watched.publisher.send(Telemetry::Goodbye{});
    QTRY_VERIFY(textView(watched.session).contains(QLatin1String("has ended")));
    QVERIFY(textView(watched.session).contains(QLatin1String("main")));
}

void tst_TextView::longNamesAreCut()
{
    Watched watched;
    watched.publisher.setGreeting(FakePublisher::hello(std::string(200, 'p')));
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.threadName = std::string(200, 't');
    loop.stalls = {stall(1, 5s, 121ms)};
    loop.stalls[0].className = std::string(200, 'c');
    QVERIFY(watched.show(10s, {loop}));
    for (const int columns : {40, 60, 80, 100, 160})
        QVERIFY(longestLine(textView(watched.session, {.columns = columns})) <= columns);
}

void tst_TextView::findingsAreWrapped()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    for (auto at = 10s + 100ms; at <= 20s; at += 100ms)
        QVERIFY(watched.show(at, {busyLoop(at, 98ms, 50)}));
    const QString text = textView(watched.session);
    QVERIFY(text.contains(QLatin1String("Findings, in the last 10 s\n  main: ")));
    QVERIFY(longestLine(text) <= 80);
}

void tst_TextView::fitsTheTerminal()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    std::vector<Telemetry::LoopFrame> loops;
    for (std::uint64_t id = 1; id <= 60; ++id) {
        loops.push_back(idleLoop(10s, 100ms, id));
        for (std::uint64_t number = 1; number <= 20; ++number)
            loops.back().stalls.push_back(stall(number, number * 400ms, 121ms));
    }
    QVERIFY(watched.show(10s, loops));
    for (const int rows : {16, 24, 50}) {
        const QString text = textView(watched.session, {.columns = 80, .rows = rows});
        QVERIFY2(text.count(QLatin1Char('\n')) <= rows, qPrintable(text));
        QVERIFY(text.contains(QLatin1String("more loops; --all shows them")));
    }
    const QString all = textView(watched.session, {.columns = 80, .rows = 24, .all = true});
    QVERIFY(!all.contains(QLatin1String("--all shows")));
    QCOMPARE(all.section(QLatin1String("Latest stalls"), 1).count(QLatin1String("EchoServer")), 1200);
}

void tst_TextView::theWorstComesFirst()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame stalled = idleLoop(10s, 100ms, 3);
    stalled.threadName = "io";
    stalled.ongoingStall = stall(1, 8s, 2s);
    QVERIFY(watched.show(10s, {idleLoop(10s, 100ms, 1), idleLoop(10s, 100ms, 2), stalled}));
    const QString text = textView(watched.session);
    QVERIFY2(text.startsWith(QLatin1String("io: stalled for 2.00 s now")), qPrintable(text));
    QVERIFY(text.indexOf(QLatin1String("io     ")) < text.indexOf(QLatin1String("main   ")));
}

/// Neither percentiles nor a depth: nothing ran, and posted events can't be counted.
void tst_TextView::unknownIsNoZero()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(10s, {idleLoop(10s)}));
    const QString row = textView(watched.session, {.columns = 100}).split(QLatin1Char('\n')).value(4);
    QCOMPARE(row.simplified(), QString::fromUtf8("fake main good 0 % – – – – – 0 /s 0"));
}

QTEST_GUILESS_MAIN(tst_TextView)
#include "tst_textview.moc"
