// SPDX-License-Identifier: MIT
// 100,000 timers are deleted inside a handler, while all of them are due: none of them fires afterwards, and
// it takes no time to speak of.
#include "support/application.h"
#include "support/handler.h"
#include "support/watchdog.h"

#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <memory>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

constexpr std::size_t Count = 100'000;

class tst_ManyTimersDeleted : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void ofOneObject();
    void ofManyObjects();
    void oneByOneInTheirOwnHandlers();
};

void tst_ManyTimersDeleted::ofOneObject()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    auto victim = std::make_unique<Handler>();
    std::size_t fired = 0;
    bool done = false;
    victim->onTimer = [&](int) { ++fired; };
    Handler killer;
    killer.onTimer = [&](int id) {
        killer.killTimer(id);
        victim.reset();
        done = true;
    };
    killer.startTimer(0);
    for (std::size_t i = 0; i < Count; ++i)
        victim->startTimer(0);
    processUntil([&] { return done; });
    QCoreApplication::processEvents();
    QCOMPARE(fired, 0u);
}

void tst_ManyTimersDeleted::ofManyObjects()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    std::vector<std::unique_ptr<QTimer>> timers(Count);
    std::size_t fired = 0;
    bool done = false;
    Handler killer;
    killer.onTimer = [&](int id) {
        killer.killTimer(id);
        timers.clear();
        done = true;
    };
    killer.startTimer(0);
    for (std::unique_ptr<QTimer> &timer : timers) {
        timer = std::make_unique<QTimer>();
        connect(timer.get(), &QTimer::timeout, this, [&] { ++fired; });
        timer->start(0);
    }
    processUntil([&] { return done; });
    QCoreApplication::processEvents();
    QCOMPARE(fired, 0u);
}

void tst_ManyTimersDeleted::oneByOneInTheirOwnHandlers()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    std::vector<QTimer *> timers(Count);
    std::size_t deleted = 0;
    for (QTimer *&timer : timers) {
        timer = new QTimer;
        connect(timer, &QTimer::timeout, this, [&deleted, timer] {
            ++deleted;
            delete timer;
        });
        timer->start(0);
    }
    processUntil([&] { return deleted == Count; });
}

QTEST_APPLESS_MAIN(tst_ManyTimersDeleted)
#include "tst_manytimersdeleted.moc"
