// SPDX-License-Identifier: MIT
#include "platform/exacttimer.h"
#include "support/child.h"

#include <QtTest/qtest.h>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

using namespace Flywheel;
using namespace std::chrono_literals;

class tst_ExactTimer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void hasNoDescriptorBeforeItIsSet();
    void isReadableFromItsInstantOn();
    void canBeSetAgainWithoutARead();
    void clearedOneIsNotReadable();
    void pastInstantIsReadableAtOnce();
    void childDoesNotTouchItsParents();
    void outlivesTheLossOfItsDescriptor();
    void closesNoDescriptorOfOthers();
};

namespace {

bool isReadable(const ExactTimer &timer, std::chrono::milliseconds timeout = 0ms)
{
    pollfd descriptor{timer.descriptor(), POLLIN, 0};
    return ::poll(&descriptor, 1, static_cast<int>(timeout.count())) == 1 && (descriptor.revents & POLLIN);
}

} // namespace

void tst_ExactTimer::initTestCase()
{
    ExactTimer timer;
    if (!timer.set(Never))
        QSKIP("this system has none");
}

void tst_ExactTimer::hasNoDescriptorBeforeItIsSet()
{
    ExactTimer timer;
    QCOMPARE(timer.descriptor(), -1);
    timer.clear();
    QCOMPARE(timer.descriptor(), -1);
}

void tst_ExactTimer::isReadableFromItsInstantOn()
{
    ExactTimer timer;
    const Instant due = steadyNow() + 300us;
    QVERIFY(timer.set(due));
    QVERIFY(isReadable(timer, 10s));
    QVERIFY(steadyNow() >= due);
    QVERIFY(isReadable(timer)); // nobody has read it
}

void tst_ExactTimer::canBeSetAgainWithoutARead()
{
    ExactTimer timer;
    QVERIFY(timer.set(steadyNow()));
    QVERIFY(isReadable(timer, 10s));
    QVERIFY(timer.set(steadyNow() + 1h));
    QVERIFY(!isReadable(timer));
}

void tst_ExactTimer::clearedOneIsNotReadable()
{
    ExactTimer timer;
    QVERIFY(timer.set(steadyNow()));
    QVERIFY(isReadable(timer, 10s));
    timer.clear();
    QVERIFY(!isReadable(timer));
    QVERIFY(timer.descriptor() >= 0);
}

void tst_ExactTimer::pastInstantIsReadableAtOnce()
{
    ExactTimer timer;
    QVERIFY(timer.set(steadyNow() - 1h));
    QVERIFY(isReadable(timer, 10s));
}

void tst_ExactTimer::childDoesNotTouchItsParents()
{
    ExactTimer timer;
    const Instant due = steadyNow() + 50ms;
    QVERIFY(timer.set(due));
    QVERIFY(Test::succeedsInChild([&] {
        if (timer.isOurs())
            return false;
        timer.clear();
        return timer.descriptor() < 0 && timer.set(steadyNow() + 1h) && timer.isOurs() && !isReadable(timer);
    }));
    QVERIFY(isReadable(timer, 10s));
    QVERIFY(steadyNow() >= due);
}

void tst_ExactTimer::outlivesTheLossOfItsDescriptor()
{
    ExactTimer timer;
    QVERIFY(timer.set(Never - 1h));
    ::close(timer.descriptor());
    QVERIFY(!timer.set(steadyNow()));
    QCOMPARE(timer.descriptor(), -1);
    for (int attempt = 0; attempt < 1000 && !timer.set(steadyNow()); ++attempt) {}
    QVERIFY(isReadable(timer, 10s));
}

void tst_ExactTimer::closesNoDescriptorOfOthers()
{
    int number;
    {
        ExactTimer timer;
        QVERIFY(timer.set(Never - 1h));
        number = timer.descriptor();
        ::close(number);
        QCOMPARE(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, number), number);
    }
    QVERIFY(::fcntl(number, F_GETFD) >= 0);
    ::close(number);
}

QTEST_APPLESS_MAIN(tst_ExactTimer)
#include "tst_exacttimer.moc"
