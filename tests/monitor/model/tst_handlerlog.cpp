// SPDX-License-Identifier: MIT
#include "model/handlerlog.h"

#include "monitor/support/handlers.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using namespace std::chrono_literals;

namespace {

std::vector<LoggedHandler> all(const HandlerLog &log, TimeSpan span = {0s, 100'000s})
{
    std::vector<LoggedHandler> result;
    log.forEach(span, [&](const LoggedHandler &each) { result.push_back(each); });
    return result;
}

} // namespace

class tst_HandlerLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsHandlersAndNames();
    void nothingIsKnownAtFirst();
    void whatWasBeforeTheFirstReadingIsUnknown();
    void overwrittenHandlersAreAGap();
    void findsHandlersOfASpan();
    void oldestGoFirst();
    void namesAreBounded();
    void strangeOrderIsHarmless();
    void unfinishedHandlersAreInferred();
    void clearForgetsAll();
};

void tst_HandlerLog::keepsHandlersAndNames()
{
    HandlerLog log;
    HandlerBatch next = batch(20s, {handler(15s, 1ms)});
    next.receivers = {{QStringLiteral("Other"), {}}};
    next.isFirst = false;
    next.running = {handler(19s, 1s), next.receivers[0]};
    log.add(batch(10s, {handler(5s, 1ms), handler(6s, 2ms, HandlerKind::Task, 3)}));
    log.add(next);
    const auto handlers = all(log);
    QCOMPARE(handlers.size(), 3u);
    QCOMPARE(log.receiverOf(handlers[0]).className, QStringLiteral("EchoServer"));
    QCOMPARE(log.receiverOf(handlers[1]).objectName, QStringLiteral("front"));
    QCOMPARE(log.receiverOf(handlers[2]).className, QStringLiteral("Other"));
    QCOMPARE(handlers[1].duration(), Duration(2ms));
    QCOMPARE(log.deepest(), 3);
    QCOMPARE(log.known(), (TimeSpan{5s, 20s}));
    QVERIFY(log.gaps().empty());
    QCOMPARE(log.running()->handler.begin, Time(19s));
}

void tst_HandlerLog::nothingIsKnownAtFirst()
{
    HandlerLog log;
    QVERIFY(log.known().isEmpty());
    log.add(batch(10s, {}));
    log.add(batch(11s, {}));
    QCOMPARE(log.known(), (TimeSpan{10s, 11s}));
}

void tst_HandlerLog::whatWasBeforeTheFirstReadingIsUnknown()
{
    HandlerLog log;
    HandlerBatch first = batch(10s, {handler(5s, 1s)});
    first.isFirst = false;
    log.add(first);
    QCOMPARE(log.known(), (TimeSpan{6s, 10s})); // others may have run inside the first one
}

void tst_HandlerLog::overwrittenHandlersAreAGap()
{
    HandlerLog log;
    log.add(batch(10s, {handler(5s, 1ms)}));
    HandlerBatch next = batch(20s, {handler(17s, 1s)});
    next.hasLoss = true;
    log.add(next);
    QCOMPARE(log.gaps().size(), 1u);
    QCOMPARE(log.gaps()[0], (TimeSpan{10s, 18s}));
    QCOMPARE(log.known(), (TimeSpan{5s, 20s}));
}

void tst_HandlerLog::findsHandlersOfASpan()
{
    HandlerLog log;
    // The second one ran in the third.
    log.add(batch(10s, {handler(1s, 1s), handler(4s, 1ms, HandlerKind::Timer, 2), handler(3s, 5s)}));
    QCOMPARE(all(log, {1500ms, 1600ms}).size(), 1u);
    QCOMPARE(all(log, {2s, 3s}).size(), 0u);
    QCOMPARE(all(log, {3500ms, 3600ms}).size(), 1u); // that ended long after
    QCOMPARE(all(log, {3500ms, 4500ms}).size(), 2u);
    QCOMPARE(all(log, {8s, 9s}).size(), 0u);
}

void tst_HandlerLog::oldestGoFirst()
{
    HandlerLog log;
    constexpr int More = 100;
    HandlerBatch many = batch(1000s, {});
    for (int i = 0; i < int(HandlerLog::Capacity) + More; ++i)
        many.handlers.push_back(handler(1ms * i, 1us));
    log.add(many);
    QCOMPARE(log.size(), HandlerLog::Capacity);
    QCOMPARE(log.known().begin, Time((More - 1) * 1ms + 1us)); // where the last one ended that has gone
    QCOMPARE(all(log).front().begin, Time(More * 1ms));
}

void tst_HandlerLog::namesAreBounded()
{
    HandlerLog log;
    for (int i = 0; i < int(HandlerLog::MostReceivers) + 10; ++i) {
        HandlerBatch next = batch(1s * (i + 1), {handler(1s * i, 1ms)});
        next.receivers = {{QString::number(i), {}}};
        log.add(next);
    }
    const auto handlers = all(log);
    QCOMPARE(log.receiverOf(handlers[1]).className, QStringLiteral("1"));
    QCOMPARE(log.receiverOf(handlers.back()).className, QString());
}

void tst_HandlerLog::strangeOrderIsHarmless()
{
    HandlerLog log;
    LoggedHandler reversed = handler(8s, 1s);
    reversed.end = 2s;
    LoggedHandler stranger = handler(9s, 1ms);
    stranger.receiver = 60'000;
    log.add(batch(10s, {handler(5s, 1ms), handler(1s, 1ms), reversed, stranger}));
    log.add(batch(3s, {handler(1s, 1ms)}));
    const auto handlers = all(log);
    QCOMPARE(handlers.size(), 2u);
    QCOMPARE(log.receiverOf(handlers[1]), HandlerReceiver());
    QCOMPARE(log.known().end, Time(10s));
}

void tst_HandlerLog::unfinishedHandlersAreInferred()
{
    HandlerLog log;
    log.add(batch(10s, {handler(1s, 1s)}));
    QVERIFY(!log.openSince(1));
    log.add(batch(20s, {handler(12s, 1s, HandlerKind::Timer, 3), handler(14s, 1s, HandlerKind::Timer, 2)}));
    QCOMPARE(log.openSince(1), std::optional<Time>(12s));
    QVERIFY(!log.openSince(2)); // it ended
    QVERIFY(!log.openSince(3));
    QVERIFY(!log.openSince(0) && !log.openSince(100));
    log.add(batch(30s, {handler(11s, 15s)}));
    QVERIFY(!log.openSince(1));
}

void tst_HandlerLog::clearForgetsAll()
{
    HandlerLog log;
    log.add(batch(10s, {handler(5s, 1ms)}));
    log.clear();
    QVERIFY(log.isEmpty());
    QVERIFY(log.known().isEmpty());
    log.add(batch(3s, {handler(1s, 1ms)}));
    QCOMPARE(log.known(), (TimeSpan{1s, 3s}));
    QCOMPARE(log.receiverOf(all(log)[0]).className, QStringLiteral("EchoServer"));
}

QTEST_APPLESS_MAIN(tst_HandlerLog)
#include "tst_handlerlog.moc"
