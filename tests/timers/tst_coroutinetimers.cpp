// SPDX-License-Identifier: MIT
// A handler switches to another stack, runs the loop there, and returns while that one's handler still runs.
#include "support/application.h"
#include "support/handler.h"
#include "support/watchdog.h"

#include <flywheel/tasks.h>

#include <QtTest/qtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include <ucontext.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

/// Runs \a body on a stack of its own, from one resume() to the next suspend().
class Coroutine
{
public:
    explicit Coroutine(std::function<void()> body) : m_body(std::move(body)), m_stack(256 * 1024)
    {
        ::getcontext(&m_own);
        m_own.uc_stack.ss_sp = m_stack.data();
        m_own.uc_stack.ss_size = m_stack.size();
        m_own.uc_link = &m_caller;
        s_starting = this;
        ::makecontext(
            &m_own, [] { s_starting->run(); }, 0);
    }

    void resume()
    {
        s_starting = this;
        ::swapcontext(&m_caller, &m_own);
    }
    void suspend() { ::swapcontext(&m_own, &m_caller); }
    bool isOver() const { return m_isOver; }

private:
    void run()
    {
        m_body();
        m_isOver = true;
    }

    static inline Coroutine *s_starting = nullptr;
    const std::function<void()> m_body;
    std::vector<char> m_stack;
    ucontext_t m_own{};
    ucontext_t m_caller{};
    bool m_isOver = false;
};

/// The dispatcher under test without metrics.
class QuietApplication : public Application
{
public:
    explicit QuietApplication(Poller poller) : Application(poller) { dispatcher()->setMetricsEnabled(false); }
};

} // namespace

class tst_CoroutineTimers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void timersGoOnWhenTheInnerHandlerEndsLast();
    void intervalsGoOnWhenTheInnerHandlerEndsLast();
    void timerStoppedWhileItsHandlerIsSuspendedIsGone();
    void tasksRunOnceEach();
};

void tst_CoroutineTimers::timersGoOnWhenTheInnerHandlerEndsLast()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const QuietApplication application(poller);
    Handler outer, inner, others;
    int outerTicks = 0, innerTicks = 0, otherTicks = 0, rounds = 0;
    std::unique_ptr<Coroutine> coroutine;
    outer.onTimer = [&](int) {
        ++outerTicks;
        if (coroutine && coroutine->isOver()) {
            coroutine.reset();
            ++rounds;
        }
        if (coroutine) { // the inner handler ends now, in a later firing of this timer
            coroutine->resume();
            return;
        }
        const int before = innerTicks;
        coroutine =
            std::make_unique<Coroutine>([&, before] { processUntil([&] { return innerTicks > before; }); });
        coroutine->resume();
    };
    others.onTimer = [&](int) { ++otherTicks; };
    outer.startTimer(3ms, Qt::PreciseTimer);
    inner.startTimer(5ms, Qt::PreciseTimer);
    for (int interval = 1; interval <= 20; ++interval)
        others.startTimer(std::chrono::milliseconds(interval), Qt::PreciseTimer);
    inner.onTimer = [&, nested = false](int) mutable {
        ++innerTicks;
        if (!coroutine || coroutine->isOver() || nested)
            return;
        nested = true;
        coroutine->suspend();
        nested = false;
    };
    processUntil([&] { return rounds >= 20; });
    const int ticks = otherTicks;
    processUntil([&] { return otherTicks > ticks + 100; });
    QVERIFY(outerTicks >= 40);
    QVERIFY(innerTicks >= 20);
    QCOMPARE(QAbstractEventDispatcher::instance()->registeredTimers(&others).size(), 20);
    if (coroutine && !coroutine->isOver())
        coroutine->resume();
}

void tst_CoroutineTimers::intervalsGoOnWhenTheInnerHandlerEndsLast()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const QuietApplication application(poller);
    int outerTicks = 0, innerTicks = 0, ended = 0;
    std::unique_ptr<Coroutine> coroutine;
    const TimeoutHandle inner = setInterval(2ms, [&] {
        ++innerTicks;
        if (coroutine && !coroutine->isOver()) {
            coroutine->suspend();
            ++ended;
        }
    });
    const TimeoutHandle outer = setInterval(7ms, [&] {
        if (++outerTicks % 2 == 1)
            coroutine = std::make_unique<Coroutine>(
                [&, before = ended] { processUntil([&] { return ended > before; }); });
        coroutine->resume();
    });
    processUntil([&] { return outerTicks >= 20 && coroutine->isOver(); });
    QCOMPARE(ended, outerTicks / 2);
    QVERIFY(clearTimeout(outer));
    QVERIFY(clearTimeout(inner));
    QVERIFY(innerTicks >= 10);
}

void tst_CoroutineTimers::timerStoppedWhileItsHandlerIsSuspendedIsGone()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const QuietApplication application(poller);
    Handler outer, later;
    auto inner = std::make_unique<Handler>();
    int innerTicks = 0, laterTicks = 0;
    bool isSuspended = false;
    std::unique_ptr<Coroutine> coroutine;
    inner->onTimer = [&](int id) {
        ++innerTicks;
        isSuspended = true;
        coroutine->suspend();
        inner->killTimer(id);
    };
    later.onTimer = [&](int) { ++laterTicks; };
    const int first = outer.startTimer(1ms, Qt::PreciseTimer);
    outer.onTimer = [&](int id) {
        outer.killTimer(id); // while it is being delivered
        inner->startTimer(1ms, Qt::PreciseTimer);
        coroutine = std::make_unique<Coroutine>([&] { processUntil([&] { return isSuspended; }); });
        coroutine->resume();
    };
    QVERIFY(first > 0);
    processUntil([&] { return isSuspended; });
    later.startTimer(1ms, Qt::PreciseTimer);
    processUntil([&] { return laterTicks >= 3; });
    coroutine->resume();
    QVERIFY(coroutine->isOver());
    inner.reset();
    processUntil([&] { return laterTicks >= 10; });
    QCOMPARE(innerTicks, 1);
}

void tst_CoroutineTimers::tasksRunOnceEach()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const QuietApplication application(poller);
    const Loop loop = Loop::current();
    std::vector<int> ran;
    std::unique_ptr<Coroutine> coroutine;
    bool isSuspended = false;
    QVERIFY(post(loop, [&] {
        coroutine = std::make_unique<Coroutine>([&] { processUntil([&] { return isSuspended; }); });
        coroutine->resume();
    }));
    for (int i = 0; i < 200; ++i) {
        QVERIFY(post(loop, [&, i] {
            ran.push_back(i);
            if (i == 50) {
                isSuspended = true;
                coroutine->suspend();
            }
        }));
    }
    QVERIFY(post(loop, [] {}));
    processUntil([&] { return isSuspended; });
    for (int i = 200; i < 300; ++i)
        QVERIFY(post(loop, [&, i] { ran.push_back(i); }));
    processUntil([&] { return ran.size() >= 300; });
    coroutine->resume();
    QVERIFY(coroutine->isOver());
    std::vector<int> sorted = ran;
    std::sort(sorted.begin(), sorted.end());
    for (int i = 0; i < 300; ++i)
        QCOMPARE(sorted[std::size_t(i)], i);
}

QTEST_APPLESS_MAIN(tst_CoroutineTimers)
#include "tst_coroutinetimers.moc"
