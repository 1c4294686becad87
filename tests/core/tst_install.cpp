// SPDX-License-Identifier: MIT
#include "poller/poller.h"
#include "support/application.h"
#include "support/watchdog.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qscopeguard.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_Install : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beforeApplication();
    void forEachApplicationAnew();
    void afterApplicationIsTooLate();
    void afterAnotherDispatcherIsTooLate();
    void intoThread();
    void intoRunningThreadIsTooLate();
    void intoThreadWithDispatcherIsTooLate();
    void optionsChooseThePoller_data() { addPollerRows(); }
    void optionsChooseThePoller();
    void environmentChoosesThePoller_data() { addPollerRows(); }
    void environmentChoosesThePoller();
    void optionsWinOverEnvironment();
    void environmentDecidesOnMetrics_data();
    void environmentDecidesOnMetrics();
    void unknownDecisionOnMetricsIsIgnored();
    void ofIsNullForStockDispatchers();

private:
    static void finish(QThread &thread)
    {
        thread.quit();
        thread.wait();
    }

    int m_argumentCount = 1;
    char m_name[5] = "test";
    char *m_arguments[2] = {m_name, nullptr};
};

void tst_Install::beforeApplication()
{
    QVERIFY(install());
    QCoreApplication application(m_argumentCount, m_arguments);
    QVERIFY(EventDispatcher::of());
    QCOMPARE(QCoreApplication::eventDispatcher(), EventDispatcher::of());
    QCOMPARE(EventDispatcher::of(QThread::currentThread()), EventDispatcher::of());
}

void tst_Install::forEachApplicationAnew()
{
    for (int i = 0; i < 3; ++i) {
        QVERIFY(install());
        QCoreApplication application(m_argumentCount, m_arguments);
        QVERIFY(EventDispatcher::of());
    }
    QCoreApplication application(m_argumentCount, m_arguments);
    QVERIFY(!EventDispatcher::of());
}

void tst_Install::afterApplicationIsTooLate()
{
    QCoreApplication application(m_argumentCount, m_arguments);
    QTest::ignoreMessage(
        QtWarningMsg, "Flywheel::install: the application object already exists; call install() before you "
                      "construct it");
    QVERIFY(!install());
    QVERIFY(!EventDispatcher::of());
}

void tst_Install::afterAnotherDispatcherIsTooLate()
{
    QVERIFY(install());
    QTest::ignoreMessage(
        QtWarningMsg,
        "Flywheel::install: the main thread already has an event dispatcher, which stays in place");
    QVERIFY(!install());
    QCoreApplication application(m_argumentCount, m_arguments);
    QVERIFY(EventDispatcher::of());
}

void tst_Install::intoThread()
{
    const Watchdog watchdog;
    QCoreApplication application(m_argumentCount, m_arguments);
    QThread thread;
    QVERIFY(install(thread));
    QVERIFY(EventDispatcher::of(&thread));
    QObject context;
    context.moveToThread(&thread);
    thread.start();
    EventDispatcher *seenInside = nullptr;
    QMetaObject::invokeMethod(
        &context, [&] { seenInside = EventDispatcher::of(); }, Qt::BlockingQueuedConnection);
    QCOMPARE(seenInside, EventDispatcher::of(&thread));
    QVERIFY(seenInside);
    finish(thread);
}

void tst_Install::intoRunningThreadIsTooLate()
{
    const Watchdog watchdog;
    QCoreApplication application(m_argumentCount, m_arguments);
    QThread thread;
    thread.start();
    QTest::ignoreMessage(
        QtWarningMsg, "Flywheel::install: the thread already runs; call install() before QThread::start()");
    QVERIFY(!install(thread));
    finish(thread);
}

void tst_Install::intoThreadWithDispatcherIsTooLate()
{
    const Watchdog watchdog;
    QCoreApplication application(m_argumentCount, m_arguments);
    QThread thread;
    QVERIFY(install(thread));
    QTest::ignoreMessage(
        QtWarningMsg, "Flywheel::install: the thread already has an event dispatcher, which stays in place");
    QVERIFY(!install(thread));
    thread.start(); // only a thread that ran deletes its dispatcher
    finish(thread);
}

void tst_Install::optionsChooseThePoller()
{
    QFETCH(Poller, poller);
    Options options;
    options.poller = poller;
    QVERIFY(install(options));
    QCoreApplication application(m_argumentCount, m_arguments);
    QVERIFY(EventDispatcher::of()->poller() == poller);
}

void tst_Install::environmentChoosesThePoller()
{
    QFETCH(Poller, poller);
    qputenv("FLYWHEEL_POLLER", pollerName(poller));
    const bool installed = install();
    qunsetenv("FLYWHEEL_POLLER");
    QVERIFY(installed);
    QCoreApplication application(m_argumentCount, m_arguments);
    QVERIFY(EventDispatcher::of()->poller() == poller);
}

void tst_Install::optionsWinOverEnvironment()
{
    qputenv("FLYWHEEL_POLLER", pollerName(availablePollers().front()));
    Options options;
    options.poller = availablePollers().back();
    const bool installed = install(options);
    qunsetenv("FLYWHEEL_POLLER");
    QVERIFY(installed);
    QCoreApplication application(m_argumentCount, m_arguments);
    QVERIFY(EventDispatcher::of()->poller() == availablePollers().back());
}

void tst_Install::ofIsNullForStockDispatchers()
{
    const Watchdog watchdog;
    QVERIFY(!EventDispatcher::of()); // no dispatcher at all yet
    QCoreApplication application(m_argumentCount, m_arguments);
    QVERIFY(QAbstractEventDispatcher::instance());
    QVERIFY(!EventDispatcher::of());
    QThread thread;
    QVERIFY(!EventDispatcher::of(&thread));
    thread.start();
    QVERIFY(!EventDispatcher::of(&thread));
    finish(thread);
}

void tst_Install::environmentDecidesOnMetrics_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<bool>("option");
    QTest::addColumn<bool>("records");
    QTest::newRow("off") << QByteArray("0") << true << false;
    QTest::newRow("on") << QByteArray("1") << false << true;
    QTest::newRow("empty, off") << QByteArray("") << false << false;
    QTest::newRow("empty, on") << QByteArray("") << true << true;
}

void tst_Install::environmentDecidesOnMetrics()
{
    QFETCH(QByteArray, variable);
    QFETCH(bool, option);
    QFETCH(bool, records);
    const auto unset = qScopeGuard([] { qunsetenv("FLYWHEEL_METRICS"); });
    qputenv("FLYWHEEL_METRICS", variable);
    Options options;
    options.metrics = option;
    {
        QVERIFY(install(options));
        const QCoreApplication application(m_argumentCount, m_arguments);
        QCOMPARE(EventDispatcher::of()->isMetricsEnabled(), records);
        EventDispatcher::of()->setMetricsEnabled(true);
        QVERIFY(EventDispatcher::of()->isMetricsEnabled());
    }
    const QCoreApplication application(m_argumentCount, m_arguments); // on Qt's dispatcher
    QVERIFY(observe(options));
    const std::vector<LoopSnapshot> loops = snapshots();
    QCOMPARE(loops.size(), 1U);
    QCOMPARE(loops.front().enabled, records);
}

void tst_Install::unknownDecisionOnMetricsIsIgnored()
{
    const auto unset = qScopeGuard([] { qunsetenv("FLYWHEEL_METRICS"); });
    qputenv("FLYWHEEL_METRICS", "maybe");
    QTest::ignoreMessage(QtWarningMsg,
                         "Flywheel: FLYWHEEL_METRICS is \"maybe\"; set it to 0 or 1. It is ignored.");
    QVERIFY(install()); // one warning, however many loops
    const QCoreApplication application(m_argumentCount, m_arguments);
    QVERIFY(EventDispatcher::of()->isMetricsEnabled());
    QVERIFY(EventDispatcher(Options{}).isMetricsEnabled());
}

QTEST_APPLESS_MAIN(tst_Install)
#include "tst_install.moc"
