// SPDX-License-Identifier: MIT
// An idle GUI program sleeps: whatever it has registered, nothing wakes its loop but what it waits for.
#include "guisession.h"
#include "socketpair.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <vector>

class tst_Idle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sleepsUntilItsTimer_data();
    void sleepsUntilItsTimer();
};

void tst_Idle::sleepsUntilItsTimer_data()
{
    QTest::addColumn<int>("notifiers");
    QTest::newRow("no notifier") << 0;
    QTest::newRow("one notifier") << 1;
    QTest::newRow("a hundred notifiers") << 100;
}

void tst_Idle::sleepsUntilItsTimer()
{
    QFETCH(const int, notifiers);
    GuiSession session;
    std::vector<SocketPair> pairs(static_cast<std::size_t>(notifiers));
    std::vector<std::unique_ptr<QSocketNotifier>> watching;
    for (const SocketPair &pair : pairs)
        watching.push_back(std::make_unique<QSocketNotifier>(pair.near.get(), QSocketNotifier::Read));

    int passes = 0;
    QTimer::singleShot(500, qApp, [&] { // the application has settled
        passes = 0;
        QTimer::singleShot(2500, qApp, [&] { session.finished(); });
    });
    QObject::connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, qApp,
                     [&] { ++passes; });
    session.run();
    // The rest is for what the desktop has to say; Qt's dispatchers are asked for the same.
    QVERIFY2(passes <= 25, QByteArray::number(passes).constData());
}

QTEST_APPLESS_MAIN(tst_Idle)
#include "tst_idle.moc"
