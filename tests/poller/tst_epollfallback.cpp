// SPDX-License-Identifier: MIT
// Kernels before 5.11, and valgrind, have no epoll_pwait2(2), filters of containers refuse it (EPERM): waits
// are rounded up to milliseconds then.
#include "poller/poller.h"
#include "support/child.h"
#include "support/pollerfixture.h"
#include "support/socketpair.h"

#include <QtTest/qtest.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <thread>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_EpollFallback : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();

    void filterWorks();
    void waitsAreNotEarly();
    void waitsForWakeUpsAreNotEarly();
    void wakeUpsArrive();
    void looksGoOnWithoutEpollWait();
};

void tst_EpollFallback::initTestCase_data()
{
    QTest::addColumn<unsigned>("error");
    QTest::newRow("ENOSYS") << unsigned(ENOSYS);
    QTest::newRow("EPERM") << unsigned(EPERM);
    QTest::newRow("EACCES") << unsigned(EACCES);
}

/// From now on that system call fails in this process.
[[maybe_unused]] static bool hide(unsigned number)
{
    QFETCH_GLOBAL(unsigned, error);
    std::array filter{
        sock_filter(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))),
        sock_filter(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1)),
        sock_filter(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error)),
        sock_filter(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)),
    };
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool hideSystemCall()
{
#ifdef SYS_epoll_pwait2
    return hide(SYS_epoll_pwait2);
#else
    return true; // built without it
#endif
}

static bool isNeverEarly(WaitFor what)
{
    const std::unique_ptr<AbstractPoller> poller = createPoller(Poller::Epoll, steadyNow).poller;
    for (const Nanoseconds timeout : {Nanoseconds(1ns), Nanoseconds(300us), Nanoseconds(1'000'001ns)}) {
        const Instant deadline = steadyNow() + timeout;
        if (poller->wait({deadline}, what).error || steadyNow() < deadline || poller->trouble())
            return false;
    }
    return true;
}

void tst_EpollFallback::filterWorks()
{
#ifdef SYS_epoll_pwait2
    QFETCH_GLOBAL(unsigned, error);
    QVERIFY(succeedsInChild([&] {
        return hideSystemCall() && ::syscall(SYS_epoll_pwait2, -1, nullptr, 1, nullptr, nullptr, 0) == -1 &&
               errno == static_cast<int>(error);
    }));
#endif
}

void tst_EpollFallback::waitsAreNotEarly()
{
    QVERIFY(succeedsInChild([] { return hideSystemCall() && isNeverEarly(WaitFor::Everything); }));
}

void tst_EpollFallback::waitsForWakeUpsAreNotEarly()
{
    QVERIFY(succeedsInChild([] { return hideSystemCall() && isNeverEarly(WaitFor::WakeUps); }));
}

void tst_EpollFallback::wakeUpsArrive()
{
    QVERIFY(succeedsInChild([] {
        const std::unique_ptr<AbstractPoller> poller = createPoller(Poller::Epoll, steadyNow).poller;
        if (!hideSystemCall())
            return false;
        std::thread waker([&] { poller->wakeUp(); });
        poller->wait(within(10s), WaitFor::Everything);
        waker.join();
        return poller->consumeWakeUp();
    }));
}

void tst_EpollFallback::looksGoOnWithoutEpollWait()
{
#ifdef SYS_epoll_wait // newer systems have epoll_pwait(2) only
    QVERIFY(succeedsInChild([] {
        const SocketPair sockets;
        const std::unique_ptr<AbstractPoller> poller = createPoller(Poller::Epoll, steadyNow).poller;
        if (poller->add(sockets.first(), Interest::Read, 7) || !hide(SYS_epoll_wait))
            return false;
        sockets.write();
        for (int i = 0; i < 3; ++i) {
            const AbstractPoller::Result result = poller->wait({Immediately}, WaitFor::Everything);
            if (result.error || result.events.size() != 1)
                return false;
        }
        return !poller->trouble();
    }));
#endif
}

QTEST_APPLESS_MAIN(tst_EpollFallback)
#include "tst_epollfallback.moc"
