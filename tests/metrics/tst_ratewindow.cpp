// SPDX-License-Identifier: MIT
#include "metrics/ratewindow.h"

#include <QtTest/qtest.h>

#include <thread>

using namespace std::chrono_literals;
using Flywheel::Instant;
using Flywheel::Nanoseconds;

namespace {

using Window = Flywheel::RateWindow<2>;

/// Counts one in every \a period from \a from on, until before \a to.
void countEvery(Window &window, Nanoseconds period, Instant from, Instant to)
{
    for (Instant now = from; now < to; now += period) {
        window.advance(now);
        window.add(0, 1);
    }
}

constexpr Instant Start{1000s};

} // namespace

class tst_RateWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void steadyRateIsExact();
    void firstSecondIsOverTheTimeLived();
    void startInTheMiddleOfARow();
    void idleGapLeavesNothing();
    void busyAfterIdle();
    void burstIsSpreadOverTheWindow();
    void clockJumpsAhead();
    void clockJumpsBack();
    void spanIsSplitOverRows();
    void spanLongerThanTheWindow();
    void readWhileWritten();
};

void tst_RateWindow::steadyRateIsExact()
{
    Window window(Start);
    countEvery(window, 1ms, Start, Start + 25s);
    QCOMPARE(window.lastTenSeconds(Start + 25s).perSecond(0), 1000.0);
    QCOMPARE(window.lastSecond(Start + 25s).perSecond(0), 1000.0);
    QCOMPARE(window.lastSecond(Start + 25s - 1ns).sums[0], std::uint64_t(1000));
    QCOMPARE(window.lastSecond(Start + 25s - 1ns).perSecond(1), 0.0);
}

void tst_RateWindow::firstSecondIsOverTheTimeLived()
{
    Window window(Start);
    countEvery(window, 10ms, Start, Start + 400ms);
    QCOMPARE(window.lastTenSeconds(Start + 400ms).perSecond(0), 100.0);
    QCOMPARE(window.lastSecond(Start + 400ms).perSecond(0), 100.0);
    // Over less than a tenth of a second no rate is claimed.
    Window fresh(Start);
    fresh.add(0, 1);
    QCOMPARE(fresh.lastTenSeconds(Start + 1us).perSecond(0), 10.0);
}

void tst_RateWindow::startInTheMiddleOfARow()
{
    const Instant start = Start + 63ms;
    Window window(start);
    countEvery(window, 1ms, start, start + 500ms);
    QCOMPARE(window.lastTenSeconds(start + 500ms).perSecond(0), 1000.0);
}

void tst_RateWindow::idleGapLeavesNothing()
{
    Window window(Start);
    countEvery(window, 1ms, Start, Start + 5s);
    QCOMPARE(window.lastSecond(Start + 7s).perSecond(0), 0.0);
    QVERIFY(window.lastTenSeconds(Start + 7s).perSecond(0) > 0);
    // The rows repeat after 12.8 s: an old row must not pass for a new one.
    for (const Nanoseconds gap : {15s, 18s, 100s, 100000s}) {
        QCOMPARE(window.lastTenSeconds(Start + gap).perSecond(0), 0.0);
        QCOMPARE(window.lastSecond(Start + gap).perSecond(0), 0.0);
    }
}

void tst_RateWindow::busyAfterIdle()
{
    Window window(Start);
    countEvery(window, 1ms, Start, Start + 1s);
    countEvery(window, 1ms, Start + 60s, Start + 62s);
    const Instant now = Start + 62s - 1ns;
    QCOMPARE(window.lastTenSeconds(now).sums[0], std::uint64_t(2000));
    QCOMPARE(window.lastTenSeconds(now).length, 10s - 1ns);
    QCOMPARE(window.lastSecond(now).sums[0], std::uint64_t(1000));
}

void tst_RateWindow::burstIsSpreadOverTheWindow()
{
    Window window(Start);
    window.advance(Start + 20s);
    window.add(0, 5000);
    QCOMPARE(window.lastTenSeconds(Start + 20s + 100ms - 1ns).sums[0], std::uint64_t(5000));
    QVERIFY(qAbs(window.lastTenSeconds(Start + 20s + 100ms - 1ns).perSecond(0) - 500.0) < 0.001);
    QVERIFY(qAbs(window.lastSecond(Start + 20s + 100ms - 1ns).perSecond(0) - 5000.0) < 0.001);
}

void tst_RateWindow::clockJumpsAhead()
{
    Window window(Start);
    countEvery(window, 1ms, Start, Start + 20s);
    countEvery(window, 1ms, Start + 3600s, Start + 3601s);
    const Instant now = Start + 3601s - 1ns;
    QCOMPARE(window.lastTenSeconds(now).sums[0], std::uint64_t(1000));
    QVERIFY(qAbs(window.lastSecond(now).perSecond(0) - 1000.0) < 0.001);
}

void tst_RateWindow::clockJumpsBack()
{
    Window window(Start);
    countEvery(window, 1ms, Start, Start + 20s);
    window.advance(Start + 10s);
    window.add(0, 7);
    QCOMPARE(window.lastTenSeconds(Start + 10s).sums[0], std::uint64_t(10'007));
    QVERIFY(window.lastTenSeconds(Start + 10s).perSecond(0) < 1100.0);
}

void tst_RateWindow::spanIsSplitOverRows()
{
    Window window(Start);
    window.addSpan(1, Start + 50ms, Start + 2s + 50ms);
    QCOMPARE(window.lastTenSeconds(Start + 2s + 50ms).sums[1], std::uint64_t(Nanoseconds(2s).count()));
    QCOMPARE(window.lastSecond(Start + 2s + 50ms).sums[1], std::uint64_t(Nanoseconds(950ms).count()));
}

void tst_RateWindow::spanLongerThanTheWindow()
{
    Window window(Start);
    window.addSpan(1, Start, Start + 24h);
    const Window::Window ten = window.lastTenSeconds(Start + 24h);
    QCOMPARE(ten.sums[1], std::uint64_t(ten.length.count()));
}

void tst_RateWindow::readWhileWritten()
{
    // A row of the past that is overwritten during a read must not add its old or half of its new sums.
    Window window(Start);
    std::atomic<Nanoseconds> written{0ns};
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (Nanoseconds at = 0ns; at < 2000s; at += 25ms) {
            window.advance(Start + at);
            window.add(0, 1);
            window.add(1, 1);
            written = at;
        }
        done = true;
    });
    while (!done) {
        const Window::Window ten = window.lastTenSeconds(Start + written.load());
        QVERIFY(ten.sums[0] <= 400);
        QVERIFY(ten.sums[1] <= 400);
    }
    writer.join();
}

QTEST_GUILESS_MAIN(tst_RateWindow)
#include "tst_ratewindow.moc"
