// SPDX-License-Identifier: MIT
// How deep in Qt's levels of delivery handlers run. Qt deletes what deleteLater() was called for when control
// is back at the level where it was called; a handler that runs a level deeper than with Qt's dispatchers
// loses objects inside other handlers' processEvents().
#include "guisession.h"
#include "socketpair.h"

#include <QtCore/qpointer.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

class tst_Levels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deletionWaitsForTheOuterLoop_data();
    void deletionWaitsForTheOuterLoop();
};

enum class Asks { Timer, Socket, Post };
enum class Nests { ProcessEvents, SendPostedEvents };

Q_DECLARE_METATYPE(Asks)
Q_DECLARE_METATYPE(Nests)

void tst_Levels::deletionWaitsForTheOuterLoop_data()
{
    QTest::addColumn<Asks>("asks");
    QTest::addColumn<Nests>("nests");
    const auto add = [](const char *name, Asks asks) {
        QTest::addRow("%s, processEvents()", name) << asks << Nests::ProcessEvents;
        QTest::addRow("%s, sendPostedEvents()", name) << asks << Nests::SendPostedEvents;
    };
    add("timer", Asks::Timer);
    add("socket", Asks::Socket);
    add("posted", Asks::Post);
}

void tst_Levels::deletionWaitsForTheOuterLoop()
{
    QFETCH(const Asks, asks);
    QFETCH(const Nests, nests);
    GuiSession session;
    QPointer<QObject> victim = new QObject;
    bool diedInside = false;
    const auto look = [&] { // posted before the deletion is asked for, so it is delivered first
        if (nests == Nests::ProcessEvents)
            QCoreApplication::processEvents();
        else
            QCoreApplication::sendPostedEvents();
        diedInside = victim.isNull();
        QTimer::singleShot(20, qApp, [&] { session.finished(); });
    };
    const auto ask = [&] {
        QMetaObject::invokeMethod(qApp, look, Qt::QueuedConnection);
        victim->deleteLater();
    };

    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        pair.take();
        ask();
    });
    switch (asks) {
    case Asks::Timer:
        QTimer::singleShot(5, qApp, ask);
        break;
    case Asks::Socket:
        pair.makeReady();
        break;
    case Asks::Post:
        QMetaObject::invokeMethod(qApp, ask, Qt::QueuedConnection);
        break;
    }
    session.run();
    QVERIFY(!diedInside);
    delete victim; // Qt gives no promise when its turn comes
}

QTEST_APPLESS_MAIN(tst_Levels)
#include "tst_levels.moc"
