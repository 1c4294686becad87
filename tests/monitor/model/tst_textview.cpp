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
};

void tst_TextView::nothingPublishes()
{
    const Session session;
    const QString text = textView(session);
    QVERIFY(text.contains(QLatin1String("flywheel-run")));
    QVERIFY(text.contains(QLatin1String("FLYWHEEL_TELEMETRY=1")));
    QVERIFY(longestLine(text) <= 100);
}

void tst_TextView::oneRowALoop()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 15s));
    const QStringList lines = textView(watched.session).split(QLatin1Char('\n'));
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
    QCOMPARE(text.count(QLatin1String("EchoServer \"front\"")), 5);
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
    QVERIFY(longestLine(textView(watched.session)) <= 100);
}

void tst_TextView::findingsAreWrapped()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    for (auto at = 10s + 100ms; at <= 20s; at += 100ms)
        QVERIFY(watched.show(at, {busyLoop(at, 98ms, 50)}));
    const QString text = textView(watched.session);
    QVERIFY(text.contains(QLatin1String("Findings\n  main: ")));
    QVERIFY(longestLine(text) <= 100);
}

QTEST_GUILESS_MAIN(tst_TextView)
#include "tst_textview.moc"
