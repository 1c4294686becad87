// SPDX-License-Identifier: MIT
// kqueue(), kevent(), and the functions of libc that end a descriptor: a kqueue forgets a descriptor that is
// closed even if the file lives on.
#include "hooks.h"
#include "queue.h"
#include "unsupported.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <mutex>

#include <fcntl.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SHIM_EXPORT extern "C" __attribute__((visibility("default")))

namespace KqueueShim {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t MostDescriptors = 1 << 20;
constexpr int BatchSize = 256;
constexpr int InternalNumbers = 900; // out of the way of those that the program gets

/// What close() is to know of a descriptor without taking a lock: a child that was cloned without its
/// parent's other threads closes descriptors, too.
std::array<std::atomic<bool>, MostDescriptors> s_concerned{};

struct Shim
{
    Shim();

    std::mutex lock;
    std::map<int, std::shared_ptr<Queue>> queues;
    int alwaysReadable = -1; ///< one for all queues, so that each costs one descriptor as a real one does
    std::atomic<pid_t> owner{::getpid()};
    int nextAddError = 0;
    bool interruptNext = false;
};

Shim &shim()
{
    static Shim &s_shim = *new Shim; // never destroyed: descriptors are closed to the very end
    return s_shim;
}

std::atomic<bool> &concerned(int fd)
{
    if (fd < 0 || static_cast<std::size_t>(fd) >= MostDescriptors)
        unsupported("a descriptor of this number");
    return s_concerned[static_cast<std::size_t>(fd)];
}

/// fork(2) does not copy kqueues: the child does not have these descriptors.
void forgetQueuesInChild()
{
    shim().queues.clear();
    shim().owner.store(::getpid());
    shim().lock.unlock();
}

Shim::Shim()
{
    const int made = ::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    alwaysReadable = ::fcntl(made, F_DUPFD_CLOEXEC, InternalNumbers);
    ::syscall(SYS_close, made);
    if (alwaysReadable < 0)
        unsupported("a process that is out of descriptors from the start");
    concerned(alwaysReadable).store(true);
    ::pthread_atfork([] { shim().lock.lock(); }, [] { shim().lock.unlock(); }, forgetQueuesInChild);
}

// Before the program can run out of descriptors.
[[maybe_unused]] const Shim &s_made = shim();

std::shared_ptr<Queue> find(int queue)
{
    const auto found = shim().queues.find(queue);
    return found == shim().queues.end() ? nullptr : found->second;
}

int fail(int error)
{
    errno = error;
    return -1;
}

int timeoutError(const timespec *timeout)
{
    if (!timeout)
        return 0;
    if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1'000'000'000)
        return EINVAL;
#ifdef FLYWHEEL_KQUEUE_NETBSD
    if (timeout->tv_sec > 100'000'000)
        return EINVAL;
#endif
    return 0;
}

/// How many results the changes gave, or -1.
int applyAll(Queue &queue, std::span<const struct kevent> changes, std::span<struct kevent> events)
{
    std::size_t results = 0;
    for (const struct kevent &change : changes) {
        const int forced = change.flags & EV_ADD ? std::exchange(shim().nextAddError, 0) : 0;
        const int error = forced ? forced : queue.apply(change);
        if (error == 0 && isDescriptorFilter(change.filter))
            concerned(static_cast<int>(change.ident)).store(true);
        if (error == 0 && !(change.flags & EV_RECEIPT))
            continue;
        if (results == events.size())
            return error ? fail(error) : static_cast<int>(results);
        events[results] = change;
        events[results].flags = EV_ERROR;
        events[results++].data = error;
    }
    return static_cast<int>(results);
}

/// A deadline that is counted down.
class TimeLeft
{
public:
    explicit TimeLeft(const timespec *timeout) : m_forever(!timeout)
    {
        if (timeout)
            m_deadline = Clock::now() + std::min(Duration(std::chrono::hours(24 * 365)),
                                                 Duration(std::chrono::seconds(timeout->tv_sec)) +
                                                     Duration(timeout->tv_nsec));
    }
    bool isOver() const { return !m_forever && Clock::now() >= m_deadline; }
    int wait(int epoll, std::span<epoll_event> reported) const
    {
        const Duration left = std::max(Duration(m_deadline - Clock::now()), Duration(0));
        const timespec relative{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
        return ::epoll_pwait2(epoll, reported.data(), static_cast<int>(reported.size()),
                              m_forever ? nullptr : &relative, nullptr);
    }

private:
    using Duration = std::chrono::nanoseconds;
    const bool m_forever;
    Clock::time_point m_deadline{};
};

void harvest(Queue &queue, int number)
{
    std::array<epoll_event, BatchSize> reported{};
    int count = BatchSize;
    // A full batch may hide more; what is edge-triggered comes once.
    for (int round = 0; count == BatchSize && round < 64; ++round) {
        count = ::epoll_wait(number, reported.data(), BatchSize, 0);
        queue.take(std::span(reported).first(static_cast<std::size_t>(std::max(count, 0))));
    }
}

/// The events, or -1. Unlocks while it waits.
int collect(std::unique_lock<std::mutex> &lock, const std::shared_ptr<Queue> &queue, int number,
            std::span<struct kevent> events, const timespec *timeout)
{
    const TimeLeft left(timeout);
    const bool onlyLooks = timeout && timeout->tv_sec == 0 && timeout->tv_nsec == 0;
    harvest(*queue, number);
    while (true) {
        const std::size_t count = queue->scan(events);
        if (count > 0 || onlyLooks || left.isOver())
            return static_cast<int>(count);
        std::array<epoll_event, BatchSize> reported{};
        lock.unlock();
        const int ready = left.wait(number, reported);
        const int error = errno;
        lock.lock();
        if (find(number) != queue)
            return fail(EBADF);
        if (ready < 0)
            return fail(error);
        queue->take(std::span(reported).first(static_cast<std::size_t>(ready)));
    }
}

/// Called before \a fd is closed. False: as far as the program can know it does not exist.
bool forgetDescriptor(int fd)
{
    // A child of clone(2) is not to touch what it shares with its parent, or whose lock nobody will release.
    if (shim().owner.load() != ::getpid())
        return true;
    const std::scoped_lock lock(shim().lock);
    if (fd == shim().alwaysReadable)
        return false;
    for (const auto &[number, queue] : shim().queues)
        queue->forget(fd);
    concerned(fd).store(false);
    return true;
}

bool isConcerned(int fd)
{
    return fd >= 0 && static_cast<std::size_t>(fd) < MostDescriptors &&
           s_concerned[static_cast<std::size_t>(fd)].load(std::memory_order_relaxed);
}

/// True if it was one; it is closed then.
bool closeQueue(int fd)
{
    if (shim().owner.load() != ::getpid())
        return false;
    const std::scoped_lock lock(shim().lock);
    return shim().queues.erase(fd) > 0;
}

} // namespace

void failNextAdd(int error)
{
    const std::scoped_lock lock(shim().lock);
    shim().nextAddError = error;
}

void interruptNextWait()
{
    const std::scoped_lock lock(shim().lock);
    shim().interruptNext = true;
}

} // namespace KqueueShim

using namespace KqueueShim;

SHIM_EXPORT int kqueue()
{
    const int epoll = ::epoll_create1(0);
    if (epoll < 0)
        return -1;
    const std::scoped_lock lock(shim().lock);
    shim().queues[epoll] = std::make_shared<Queue>(epoll, shim().alwaysReadable);
    concerned(epoll).store(true);
    return epoll;
}

SHIM_EXPORT int kevent(int number, const struct kevent *changes, kevent_count changeCount,
                       struct kevent *events, kevent_count eventCount, const struct timespec *timeout)
{
    if (const int error = timeoutError(timeout))
        return fail(error);
    std::unique_lock lock(shim().lock);
    const std::shared_ptr<Queue> queue = find(number);
    if (!queue)
        return fail(EBADF);
    const std::span room(events, static_cast<std::size_t>(eventCount));
    const int results = applyAll(*queue, std::span(changes, static_cast<std::size_t>(changeCount)), room);
    if (results != 0 || room.empty())
        return results;
    if (std::exchange(shim().interruptNext, false))
        return fail(EINTR);
    return collect(lock, queue, number, room, timeout);
}

SHIM_EXPORT int close(int fd)
{
    if (isConcerned(fd)) {
        if (!forgetDescriptor(fd))
            return fail(EBADF);
        if (closeQueue(fd))
            return 0;
    }
    return static_cast<int>(::syscall(SYS_close, fd));
}

SHIM_EXPORT int dup3(int from, int to, int flags) noexcept
{
    const bool replaces = from != to && ::fcntl(from, F_GETFD) >= 0 && isConcerned(to);
    if (replaces && (!forgetDescriptor(to) || closeQueue(to)))
        unsupported("dup2() over a kqueue");
    return static_cast<int>(::syscall(SYS_dup3, from, to, flags));
}

SHIM_EXPORT int dup2(int from, int to) noexcept
{
    if (from == to)
        return ::fcntl(from, F_GETFD) < 0 ? -1 : to;
    return dup3(from, to, 0);
}
