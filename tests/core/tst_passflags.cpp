// SPDX-License-Identifier: MIT
// ExcludeSocketNotifiers and X11ExcludeTimers: what is excluded is neither lost nor a spin.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

constexpr int Descriptor = 1000;

class tst_PassFlags : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void excludedReadinessIsNotLost();
    void excludedReadinessDoesNotEndWait();
    void excludedAlwaysReadyDescriptorDoesNotEndWait();
    void timersFireWithoutNotifiers();
    void nestedPassLeavesPendingNotifiersAlone();
    void excludedTimersAreNotLost();
    void excludedTimersDoNotEndWait();
    void notifiersFireWithoutTimers();
    void postedEventsAreNeverExcluded();
    void userInputFlagChangesNothing();
};

void tst_PassFlags::excludedReadinessIsNotLost()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    int activated = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activated; });
    loop.poller.ready[Descriptor] = Interest::Read;
    loop.pass(QEventLoop::ExcludeSocketNotifiers);
    QCOMPARE(activated, 0);
    loop.pass();
    QCOMPARE(activated, 1);
}

void tst_PassFlags::excludedReadinessDoesNotEndWait()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    loop.poller.ready[Descriptor] = Interest::Read;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(7ms, Qt::PreciseTimer);
    QVERIFY(loop.pass(QEventLoop::ExcludeSocketNotifiers | QEventLoop::WaitForMoreEvents));
    QCOMPARE(loop.poller.calls, std::vector<std::string>{"wait 7000000"});
    QCOMPARE(fired, 1);
}

void tst_PassFlags::excludedAlwaysReadyDescriptorDoesNotEndWait()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    int activated = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activated; });
    loop.poller.errors[Descriptor] = std::errc::operation_not_permitted;
    loop.pass();
    QCOMPARE(activated, 1);
    loop.pass(QEventLoop::ExcludeSocketNotifiers | QEventLoop::WaitForMoreEvents);
    QCOMPARE(activated, 1);
    QCOMPARE(loop.callsOf("wait forever"), 1);
}

void tst_PassFlags::timersFireWithoutNotifiers()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(1ms);
    FakeClock::advance(1ms);
    QVERIFY(loop.pass(QEventLoop::ExcludeSocketNotifiers));
    QCOMPARE(fired, 1);
}

void tst_PassFlags::nestedPassLeavesPendingNotifiersAlone()
{
    FakeLoop loop;
    QSocketNotifier first(1000, QSocketNotifier::Read);
    QSocketNotifier second(1001, QSocketNotifier::Read);
    loop.poller.ready = {{1000, Interest::Read}, {1001, Interest::Read}};
    QStringList log;
    for (QSocketNotifier *notifier : {&first, &second}) {
        connect(notifier, &QSocketNotifier::activated, this, [&] {
            log << QStringLiteral("begin");
            loop.pass(QEventLoop::ExcludeSocketNotifiers);
            log << QStringLiteral("end");
        });
    }
    loop.pass();
    const QStringList expected{QStringLiteral("begin"), QStringLiteral("end"), QStringLiteral("begin"),
                               QStringLiteral("end")};
    QCOMPARE(log, expected);
}

void tst_PassFlags::excludedTimersAreNotLost()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(0);
    QVERIFY(!loop.pass(QEventLoop::X11ExcludeTimers));
    QCOMPARE(fired, 0);
    loop.pass();
    QCOMPARE(fired, 1);
}

void tst_PassFlags::excludedTimersDoNotEndWait()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(0);
    handler.startTimer(3ms);
    FakeClock::advance(5ms);
    loop.pass(QEventLoop::X11ExcludeTimers | QEventLoop::WaitForMoreEvents);
    QCOMPARE(loop.poller.calls.front(), std::string("wait forever"));
    QCOMPARE(loop.callsOf("wait"), 1);
    QCOMPARE(fired, 0);
}

void tst_PassFlags::notifiersFireWithoutTimers()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    loop.poller.ready[Descriptor] = Interest::Read;
    QVERIFY(loop.pass(QEventLoop::X11ExcludeTimers | QEventLoop::WaitForMoreEvents));
}

void tst_PassFlags::postedEventsAreNeverExcluded()
{
    FakeLoop loop;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    handler.post();
    QVERIFY(loop.pass(QEventLoop::ExcludeSocketNotifiers | QEventLoop::X11ExcludeTimers |
                      QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 1);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_PassFlags::userInputFlagChangesNothing()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    int activated = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activated; });
    loop.poller.ready[Descriptor] = Interest::Read;
    QVERIFY(loop.pass(QEventLoop::ExcludeUserInputEvents));
    QCOMPARE(activated, 1);
}

QTEST_APPLESS_MAIN(tst_PassFlags)
#include "tst_passflags.moc"
