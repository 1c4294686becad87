// SPDX-License-Identifier: MIT
// QEventLoop and QCoreApplication::exec() on top of the dispatcher.
#include "parityloop.h"
#include "support/handler.h"

#include "base/clock.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <optional>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_ParityLoops : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void exitCode();
    void exitFromAnotherThread();
    void quitBeforeExecIsForgotten();
    void applicationExec();
    void applicationQuitEndsNestedLoops();
    void nestedLoopsEndInnermostFirst();
    void outerLoopQuitInsideInner();
    void execAgainAfterQuit();
    void processEventsForATime();
    void processEventsStopsWhenNothingIsLeft();
    void queuedCallInsideExec();
    void deepNesting();

private:
    std::optional<ParityLoop> m_loop;
};

void tst_ParityLoops::exitCode()
{
    QEventLoop loop;
    QTimer::singleShot(1, &loop, [&] { loop.exit(42); });
    QCOMPARE(loop.exec(), 42);
    QVERIFY(!loop.isRunning());
}

void tst_ParityLoops::exitFromAnotherThread()
{
    for (int i = 0; i < 50; ++i) {
        QEventLoop loop;
        std::thread quitter([&] {
            while (!loop.isRunning()) {} // quit() before exec() does not count
            loop.exit(i);
        });
        const int code = loop.exec();
        quitter.join();
        QCOMPARE(code, i);
    }
}

void tst_ParityLoops::quitBeforeExecIsForgotten()
{
    QEventLoop loop;
    loop.quit();
    bool ran = false;
    QTimer::singleShot(1, &loop, [&] {
        ran = true;
        loop.quit();
    });
    loop.exec();
    QVERIFY(ran);
}

void tst_ParityLoops::applicationExec()
{
    QTimer::singleShot(1, qApp, [] { QCoreApplication::exit(7); });
    QCOMPARE(QCoreApplication::exec(), 7);
    QMetaObject::invokeMethod(qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    QCOMPARE(QCoreApplication::exec(), 0);
}

void tst_ParityLoops::applicationQuitEndsNestedLoops()
{
    bool nestedEnded = false;
    QTimer::singleShot(1, this, [&] {
        QEventLoop nested;
        QTimer::singleShot(1, &nested, [] { QCoreApplication::exit(3); });
        nested.exec();
        nestedEnded = true;
    });
    QCOMPARE(QCoreApplication::exec(), 3);
    QVERIFY(nestedEnded);
}

void tst_ParityLoops::nestedLoopsEndInnermostFirst()
{
    QEventLoop outer;
    QEventLoop inner;
    QStringList log;
    QTimer::singleShot(0, &outer, [&] {
        QTimer::singleShot(1, &inner, [&] { inner.quit(); });
        inner.exec();
        log << QStringLiteral("inner");
        outer.quit();
    });
    outer.exec();
    log << QStringLiteral("outer");
    const QStringList expected{QStringLiteral("inner"), QStringLiteral("outer")};
    QCOMPARE(log, expected);
}

void tst_ParityLoops::outerLoopQuitInsideInner()
{
    // The outer one ends only after the inner one has.
    QEventLoop outer;
    QEventLoop inner;
    int ticks = 0;
    QTimer::singleShot(0, &outer, [&] {
        QTimer::singleShot(0, &inner, [&] { outer.quit(); });
        QTimer timer;
        connect(&timer, &QTimer::timeout, &inner, [&] {
            if (++ticks == 3)
                inner.quit();
        });
        timer.start(1);
        inner.exec();
    });
    outer.exec();
    QCOMPARE(ticks, 3);
}

void tst_ParityLoops::execAgainAfterQuit()
{
    QEventLoop loop;
    for (int i = 0; i < 3; ++i) {
        QTimer::singleShot(0, &loop, [&] { loop.exit(i); });
        QCOMPARE(loop.exec(), i);
    }
}

void tst_ParityLoops::processEventsForATime()
{
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] {
        ++posted;
        handler.post(); // never ends by itself
    };
    handler.post();
    const Instant start = steadyNow();
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    QVERIFY(steadyNow() - start >= 20ms);
    QVERIFY(posted > 1);
    QCoreApplication::removePostedEvents(&handler);
}

void tst_ParityLoops::processEventsStopsWhenNothingIsLeft()
{
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] {
        if (++posted < 3)
            handler.post();
    };
    handler.post();
    QCoreApplication::processEvents(QEventLoop::AllEvents, 1'000'000'000);
    QCOMPARE(posted, 3);
}

void tst_ParityLoops::queuedCallInsideExec()
{
    QEventLoop loop;
    int calls = 0;
    std::function<void()> again = [&] {
        if (++calls == 1000)
            loop.quit();
        else
            QMetaObject::invokeMethod(&loop, again, Qt::QueuedConnection);
    };
    QMetaObject::invokeMethod(&loop, again, Qt::QueuedConnection);
    loop.exec();
    QCOMPARE(calls, 1000);
}

void tst_ParityLoops::deepNesting()
{
    int depth = 0;
    std::function<void()> nest = [&] {
        if (++depth == 30)
            return;
        QEventLoop loop;
        QMetaObject::invokeMethod(
            &loop,
            [&] {
                nest();
                loop.quit();
            },
            Qt::QueuedConnection);
        loop.exec();
    };
    nest();
    QCOMPARE(depth, 30);
}

QTEST_APPLESS_MAIN(tst_ParityLoops)
#include "tst_parityloops.moc"
