// SPDX-License-Identifier: MIT
#include "metrics/tickclock.h"
#include "support/fakeclock.h"

#include <QtTest/qtest.h>

#include <cmath>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

// A counter that ticks with the fake clock, at a rate and from an offset that tests change.
constexpr double Rate = 2.9; // ticks a nanosecond
double s_rate = Rate;
std::uint64_t s_counter = 0;
int s_counterReadings = 0;
int s_clockReadings = 0;

void advance(Nanoseconds by)
{
    FakeClock::advance(by);
    s_counter += static_cast<std::uint64_t>(std::llround(static_cast<double>(by.count()) * s_rate));
}

std::uint64_t counter()
{
    ++s_counterReadings;
    return s_counter;
}

Instant clock()
{
    ++s_clockReadings;
    return FakeClock::now();
}

/// Reads the clock as a busy loop does, and returns how far it was off at most: ahead of the system's and
/// behind it.
struct Error
{
    Nanoseconds ahead{};
    Nanoseconds behind{};
};
Error read(TickClock &clock, Nanoseconds length, Nanoseconds step = 10us)
{
    Error error;
    for (Nanoseconds passed{}; passed < length; passed += step) {
        advance(step);
        const Nanoseconds difference = clock.now() - FakeClock::now();
        error.ahead = std::max(error.ahead, difference);
        error.behind = std::max(error.behind, -difference);
    }
    return error;
}

} // namespace

class tst_TickClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void withoutACounterItIsTheSystems();
    void sparesReadingsOfTheSystems();
    void isNeverAhead();
    void longGapsAreTheSystems();
    void followsASlewedClock();
    void suspendThatStopsTheCounter();
    void suspendThatOnlyTheCounterCounts();
    void counterThatStartsAnew();
    void counterThatJumpsOnce();
    void countersThatAreNotSynchronised();
    void counterThatStandsStill();
    void slowCounterIsGivenUp();
    void realCounter();
};

void tst_TickClock::init()
{
    FakeClock::reset();
    s_rate = Rate;
    s_counter = 1'000'000;
    s_counterReadings = 0;
    s_clockReadings = 0;
}

void tst_TickClock::withoutACounterItIsTheSystems()
{
    TickClock tickClock(clock, nullptr);
    const Error error = read(tickClock, 100ms);
    QCOMPARE(error.ahead, 0ns);
    QCOMPARE(error.behind, 0ns);
    QCOMPARE(s_counterReadings, 0);
    QVERIFY(!tickClock.usesCounter());
}

void tst_TickClock::sparesReadingsOfTheSystems()
{
    TickClock tickClock(clock, counter);
    read(tickClock, 20ms); // measures the rate
    s_clockReadings = 0;
    read(tickClock, 400ms);
    QVERIFY2(s_clockReadings <= 110, qPrintable(QString::number(s_clockReadings))); // of 40,000
    QVERIFY(tickClock.usesCounter());
}

void tst_TickClock::isNeverAhead()
{
    for (const double rate : {0.024, 1.0, 2.9, 5.0}) { // a counter of 24 MHz, ... 5 GHz
        init();
        s_rate = rate;
        TickClock tickClock(clock, counter);
        const Error error = read(tickClock, 3s);
        QCOMPARE(error.ahead, 0ns);
        QVERIFY2(error.behind <= 1us, qPrintable(QString::number(error.behind.count())));
    }
}

void tst_TickClock::longGapsAreTheSystems()
{
    TickClock tickClock(clock, counter);
    read(tickClock, 20ms);
    for (const Nanoseconds gap :
         {Nanoseconds(5ms), Nanoseconds(1s), Nanoseconds(1h), Nanoseconds(24h * 400)}) {
        advance(gap);
        QCOMPARE(tickClock.now(), FakeClock::now());
    }
}

void tst_TickClock::followsASlewedClock()
{
    TickClock tickClock(clock, counter);
    read(tickClock, 2s);
    s_rate = Rate * (1 - 500e-6); // the system's clock runs faster by all that the kernel allows
    const Error faster = read(tickClock, 3s);
    s_rate = Rate * (1 + 500e-6);
    const Error slower = read(tickClock, 3s);
    QVERIFY(tickClock.usesCounter());
    QVERIFY2(faster.behind <= 5us, qPrintable(QString::number(faster.behind.count())));
    QVERIFY2(slower.ahead <= 5us, qPrintable(QString::number(slower.ahead.count()))); // for a second
    QCOMPARE(read(tickClock, 1s).ahead, 0ns);
}

void tst_TickClock::suspendThatStopsTheCounter()
{
    TickClock tickClock(clock, counter);
    read(tickClock, 2s);
    FakeClock::advance(3600s); // only the system's clock counts the time asleep
    // The first readings can't know of it: the counter says that no time has passed.
    read(tickClock, TickClock::LongestSpan);
    QVERIFY(read(tickClock, 100ms).behind <= 1us);
    QVERIFY(tickClock.usesCounter());
}

void tst_TickClock::suspendThatOnlyTheCounterCounts()
{
    TickClock tickClock(clock, counter);
    read(tickClock, 2s);
    s_counter += 3600ULL * 2'900'000'000ULL;
    const Error error = read(tickClock, 1s);
    QCOMPARE(error.ahead, 0ns);
    QVERIFY(error.behind <= 1us);
    QVERIFY(tickClock.usesCounter());
}

void tst_TickClock::counterThatStartsAnew()
{
    TickClock tickClock(clock, counter);
    read(tickClock, 2s);
    s_counter = 5;
    const Error error = read(tickClock, 1s);
    QCOMPARE(error.ahead, 0ns);
    QVERIFY(error.behind <= 1us);
}

void tst_TickClock::counterThatJumpsOnce()
{
    for (const std::int64_t jump : {3'000'000, -3'000'000}) { // a millisecond: within the span of an anchor
        init();
        TickClock tickClock(clock, counter);
        read(tickClock, 2s);
        s_counter += static_cast<std::uint64_t>(jump);
        read(tickClock, TickClock::LongestSpan);
        const Error error = read(tickClock, 1s);
        QCOMPARE(error.ahead, 0ns);
        QVERIFY(error.behind <= 1us);
        QVERIFY(tickClock.usesCounter());
    }
}

void tst_TickClock::countersThatAreNotSynchronised()
{
    TickClock tickClock(clock, counter);
    read(tickClock, 2s);
    bool isOnOther = false;
    Error worst;
    for (int i = 0; i < 200; ++i) { // the thread moves to and fro
        s_counter += static_cast<std::uint64_t>((isOnOther = !isOnOther) ? 1'000'000 : -1'000'000);
        const Error error = read(tickClock, 15ms);
        worst.ahead = std::max(worst.ahead, error.ahead);
    }
    QVERIFY(!tickClock.usesCounter());
    QVERIFY(worst.ahead <= 1ms); // what a counter is off by lasts for the span of an anchor
    QCOMPARE(read(tickClock, 1s).behind, 0ns);
}

void tst_TickClock::counterThatStandsStill()
{
    s_rate = 0;
    TickClock tickClock(clock, counter);
    const Error error = read(tickClock, 1s);
    QCOMPARE(error.ahead, 0ns);
    QCOMPARE(error.behind, 0ns);
    QVERIFY(!tickClock.usesCounter());
}

void tst_TickClock::slowCounterIsGivenUp()
{
    // An emulated one: each reading takes longer than the system's clock.
    TickClock tickClock(clock, [] {
        ++s_counterReadings;
        advance(20us);
        return s_counter;
    });
    for (int i = 0; i < 1000; ++i) {
        const Instant now = tickClock.now();
        QVERIFY(now <= FakeClock::now());
    }
    QVERIFY(!tickClock.usesCounter());
    QVERIFY(s_counterReadings < 1000);
}

void tst_TickClock::realCounter()
{
    const CounterFunction counter = TickClock::counterFor(steadyNow);
    QVERIFY(TickClock::counterFor(clock) == nullptr);
    TickClock tickClock(steadyNow, counter);
    Instant last = Immediately;
    const Instant end = steadyNow() + 300ms;
    // Between two readings of the system's clock, so not ahead of it and not behind; but for the moment in
    // which the kernel corrects its rate.
    int wrong = 0;
    int count = 0;
    for (Instant before = steadyNow(); before < end; ++count) {
        const Instant now = tickClock.now();
        const Instant after = steadyNow();
        wrong += now + 2us < before || now > after + 2us;
        QVERIFY(now + 10us > last);
        last = now;
        before = after;
    }
    QVERIFY2(wrong <= count / 100, qPrintable(QString::number(wrong)));
}

QTEST_GUILESS_MAIN(tst_TickClock)
#include "tst_tickclock.moc"
