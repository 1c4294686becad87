// SPDX-License-Identifier: MIT
// The call itself, and what differs from system to system. A row names the manual page and the clause.
#include "clauses.h"
#include "support/kqueueshim/hooks.h"
#include "support/socketpair.h"
#include "support/tcppair.h"
#include "support/watchdog.h"
#include "testqueue.h"

#include <QtTest/qtest.h>

#include <csignal>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

// The call

void zeroTimeoutOnlyLooks()
{
    const TestQueue queue;
    const SocketPair sockets;
    queue.change(sockets.first(), EVFILT_READ, EV_ADD);
    QCOMPARE(queue.count(), 0u);
}

void timeoutIsAMinimum()
{
    const TestQueue queue;
    const timespec timeout{0, 3'500'001};
    Event event{};
    const auto start = std::chrono::steady_clock::now();
    QCOMPARE(::kevent(queue.descriptor(), nullptr, 0, &event, 1, &timeout), 0);
    QVERIFY(std::chrono::steady_clock::now() - start >= 3'500'001ns);
}

void noTimeoutWaits()
{
    const Watchdog watchdog;
    const TestQueue queue;
    const SocketPair sockets;
    queue.change(sockets.first(), EVFILT_READ, EV_ADD);
    std::thread writer([&] {
        std::this_thread::sleep_for(3ms); // so that the queue waits
        sockets.write();
    });
    Event event{};
    QCOMPARE(::kevent(queue.descriptor(), nullptr, 0, &event, 1, nullptr), 1);
    writer.join();
}

void noRoomNeverWaits()
{
    const Watchdog watchdog;
    const TestQueue queue;
    QCOMPARE(::kevent(queue.descriptor(), nullptr, 0, nullptr, 0, nullptr), 0);
}

void invalidTimeoutIsEinval()
{
    const TestQueue queue;
    Event event{};
    for (const timespec &timeout : {timespec{0, 1'000'000'000}, timespec{-1, 0}, timespec{0, -1}}) {
        QCOMPARE(::kevent(queue.descriptor(), nullptr, 0, &event, 1, &timeout), -1);
        QCOMPARE(errno, EINVAL);
    }
}

void interruptedAfterChanges()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    KqueueShim::interruptNextWait();
    const Event change = makeEvent(sockets.first(), EVFILT_READ, EV_ADD);
    Event event{};
    QCOMPARE(::kevent(queue.descriptor(), &change, 1, &event, 1, nullptr), -1);
    QCOMPARE(errno, EINTR);
    QCOMPARE(queue.count(), 1u);
}

void addFailsOnRequest()
{
    const TestQueue queue;
    const SocketPair sockets;
    KqueueShim::failNextAdd(ENOMEM);
    QCOMPARE(queue.change(sockets.first(), EVFILT_READ, EV_ADD), ENOMEM);
    QCOMPARE(queue.change(sockets.first(), EVFILT_READ, EV_ADD), 0);
}

void isNotInherited()
{
    const TestQueue queue;
    const pid_t child = ::fork();
    if (child == 0) {
        const timespec none{};
        Event event{};
        const bool isGone = ::kevent(queue.descriptor(), nullptr, 0, &event, 1, &none) < 0 && errno == EBADF;
        ::_exit(isGone ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
}

void queueIsPollable()
{
    const TestQueue queue;
    const SocketPair sockets;
    pollfd polled{queue.descriptor(), POLLIN, 0};
    queue.change(sockets.first(), EVFILT_READ, EV_ADD);
    QCOMPARE(::poll(&polled, 1, 0), 0);
    sockets.write();
    QCOMPARE(::poll(&polled, 1, 0), 1);
    QCOMPARE(queue.count(), 1u);
    QCOMPARE(::poll(&polled, 1, 0), 1); // level
    sockets.drain();
    QCOMPARE(queue.count(), 0u);
    QCOMPARE(::poll(&polled, 1, 0), 0);
}

// User events

#ifdef EVFILT_USER
constexpr int Ident = 1;

void triggerMakesActive()
{
    const TestQueue queue;
    QCOMPARE(queue.change(Ident, EVFILT_USER, EV_ADD, 0, 7), 0);
    QCOMPARE(queue.count(), 0u);
    QCOMPARE(queue.change(Ident, EVFILT_USER, 0, NOTE_TRIGGER, 7), 0);
    QCOMPARE(udataOf(queue.look().at(0)), 7u);
    QCOMPARE(queue.count(), 1u); // level
}

void clearTakesTriggerBack()
{
    const TestQueue queue;
    queue.change(Ident, EVFILT_USER, EV_ADD | EV_CLEAR);
    queue.change(Ident, EVFILT_USER, 0, NOTE_TRIGGER);
    QCOMPARE(queue.count(), 1u);
    QCOMPARE(queue.count(), 0u);
}

void triggerReplacesUdata()
{
    const TestQueue queue;
    queue.change(Ident, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 7);
    queue.change(Ident, EVFILT_USER, 0, NOTE_TRIGGER);
    QCOMPARE(udataOf(queue.look().at(0)), 0u);
}

void triggerWithClear()
{
    const TestQueue queue;
    queue.change(Ident, EVFILT_USER, EV_ADD | EV_CLEAR);
    queue.change(Ident, EVFILT_USER, EV_ADD | EV_CLEAR, NOTE_TRIGGER);
#    ifdef FLYWHEEL_KQUEUE_MACOS
    QCOMPARE(queue.count(), 1u);
#    else
    QCOMPARE(queue.count(), 0u);
#    endif
}

void triggerEndsWait()
{
    const Watchdog watchdog;
    const TestQueue queue;
    queue.change(Ident, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 7);
    std::thread waker([&] {
        std::this_thread::sleep_for(3ms); // so that the queue waits
        queue.change(Ident, EVFILT_USER, 0, NOTE_TRIGGER, 7);
    });
    Event event{};
    QCOMPARE(::kevent(queue.descriptor(), nullptr, 0, &event, 1, nullptr), 1);
    waker.join();
    QCOMPARE(udataOf(event), 7u);
}

void unknownUserEventIsEnoent()
{
    const TestQueue queue;
    QCOMPARE(queue.change(Ident, EVFILT_USER, 0, NOTE_TRIGGER), ENOENT);
}
#endif

// Exceptions

#ifdef EVFILT_EXCEPT
void urgentDataIsNoted()
{
    const TestQueue queue;
    const TcpPair sockets;
    QCOMPARE(queue.change(sockets.first(), EVFILT_EXCEPT, EV_ADD, NOTE_OOB), 0);
    QCOMPARE(queue.count(), 0u);
    QCOMPARE(::send(sockets.second(), "!", 1, MSG_OOB), 1);
    QTRY_COMPARE(queue.count(), 1u);
    QVERIFY(queue.look().at(0).fflags & NOTE_OOB);
}

void plainDataIsNotNoted()
{
    const TestQueue queue;
    const TcpPair sockets;
    queue.change(sockets.first(), EVFILT_EXCEPT, EV_ADD, NOTE_OOB);
    QCOMPARE(::send(sockets.second(), "?", 1, 0), 1);
    pollfd polled{sockets.first(), POLLIN, 0};
    QCOMPARE(::poll(&polled, 1, -1), 1);
#    ifdef FLYWHEEL_KQUEUE_MACOS
    QCOMPARE(queue.count(), 1u);
    QVERIFY(!(queue.look().at(0).fflags & NOTE_OOB));
#    else
    QCOMPARE(queue.count(), 0u);
#    endif
}
#endif

// What can't be watched

void deviceIsRefused()
{
    const TestQueue queue;
    const UniqueFd device(::open("/dev/null", O_RDWR));
#ifdef FLYWHEEL_KQUEUE_FREEBSD
    QCOMPARE(queue.change(device.get(), EVFILT_READ, EV_ADD), ENODEV);
#else
    QCOMPARE(queue.change(device.get(), EVFILT_READ, EV_ADD), EINVAL);
#endif
}

void pipeWithoutReader()
{
    const TestQueue queue;
    std::array<int, 2> ends{};
    QCOMPARE(::pipe(ends.data()), 0);
    const UniqueFd write(ends[1]);
    ::close(ends[0]);
    const int error = queue.change(write.get(), EVFILT_WRITE, EV_ADD);
#if defined(FLYWHEEL_KQUEUE_FREEBSD)
    QCOMPARE(error, EPIPE);
#elif defined(FLYWHEEL_KQUEUE_NETBSD)
    QCOMPARE(error, EBADF);
#else
    QCOMPARE(error, 0);
    QVERIFY(queue.look().at(0).flags & EV_EOF);
#endif
}

#ifdef FLYWHEEL_KQUEUE_NETBSD
void farTimeoutIsEinval()
{
    const TestQueue queue;
    const timespec timeout{100'000'001, 0};
    Event event{};
    QCOMPARE(::kevent(queue.descriptor(), nullptr, 0, &event, 1, &timeout), -1);
    QCOMPARE(errno, EINVAL);
}
#endif

} // namespace

class tst_KqueueSystems : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void call_data();
    void call() { runRow(); }
    void filters_data();
    void filters() { runRow(); }
    void unsupportedAborts_data();
    void unsupportedAborts();
};

void tst_KqueueSystems::call_data()
{
    addClauses();
    row("timeout: zero is a poll", zeroTimeoutOnlyLooks);
    row("timeout: never early", timeoutIsAMinimum);
    row("timeout: none waits", noTimeoutWaits);
    row("nevents: zero returns at once", noRoomNeverWaits);
    row("ERRORS, EINVAL: the time limit", invalidTimeoutIsEinval);
    row("ERRORS, EINTR: changes are applied before", interruptedAfterChanges);
    row("ERRORS, ENOMEM: no memory for the event", addFailsOnRequest);
    row("kqueue(): not inherited by fork(2)", isNotInherited);
    row("kqueue(): a descriptor for poll(2)", queueIsPollable);
}

void tst_KqueueSystems::filters_data()
{
    addClauses();
#ifdef EVFILT_USER
    row("EVFILT_USER: NOTE_TRIGGER makes it active", triggerMakesActive);
    row("EVFILT_USER: EV_CLEAR ends that on retrieval", clearTakesTriggerBack);
    row("EVFILT_USER: a trigger is a change, udata included", triggerReplacesUdata);
    row("EVFILT_USER: EV_CLEAR in the trigger itself", triggerWithClear);
    row("EVFILT_USER: a trigger ends a wait", triggerEndsWait);
    row("ERRORS, ENOENT: no such user event", unknownUserEventIsEnoent);
#endif
#ifdef EVFILT_EXCEPT
    row("EVFILT_EXCEPT: NOTE_OOB for out-of-band data", urgentDataIsNoted);
    row("EVFILT_EXCEPT: plain data", plainDataIsNotNoted);
#endif
    row("ERRORS: a device without filters", deviceIsRefused);
    row("EVFILT_WRITE: a pipe whose reader is gone", pipeWithoutReader);
#ifdef FLYWHEEL_KQUEUE_NETBSD
    row("ERRORS, EINVAL: a time limit of years", farTimeoutIsEinval);
#endif
}

void tst_KqueueSystems::unsupportedAborts_data()
{
    QTest::addColumn<int>("filter");
    QTest::addColumn<unsigned>("flags");
    QTest::addColumn<unsigned>("notes");
    QTest::addColumn<bool>("isFile");
    const int read = int(EVFILT_READ);
    QTest::newRow("another filter") << int(EVFILT_READ) - 6 << unsigned(EV_ADD) << 0U
                                    << false; // timers, on most
    QTest::newRow("another flag") << read << (EV_ADD | 0x1000U) << 0U << false;
    QTest::newRow("a low-water mark") << read << unsigned(EV_ADD) << 1U << false;
    QTest::newRow("a regular file") << read << unsigned(EV_ADD) << 0U << true;
}

void tst_KqueueSystems::unsupportedAborts()
{
    QFETCH(int, filter);
    QFETCH(unsigned, flags);
    QFETCH(unsigned, notes);
    QFETCH(bool, isFile);
    const SocketPair sockets;
    const UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    const int fd = isFile ? file.get() : sockets.first();
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGABRT, SIG_DFL); // not QtTest's handler
        const rlimit noCore{};
        ::setrlimit(RLIMIT_CORE, &noCore);
        const TestQueue queue;
        queue.change(fd, static_cast<decltype(Event::filter)>(filter), flags, notes);
        ::_exit(0);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(WTERMSIG(status), SIGABRT);
}

QTEST_APPLESS_MAIN(tst_KqueueSystems)
#include "tst_kqueuesystems.moc"
