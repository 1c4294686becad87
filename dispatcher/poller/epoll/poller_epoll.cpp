// SPDX-License-Identifier: MIT
#include "poller/epoll/poller_epoll.h"

#include "platform/unix/syscalls.h"
#include "poller/poll/pollcall.h"
#include "poller/poll/pollmask.h"
#include "poller/refusal.h"

#include <algorithm>
#include <cerrno>

namespace Flywheel {

namespace {

std::uint32_t toEpoll(Interest interest)
{
    std::uint32_t events = 0;
    if (any(interest & Interest::Read))
        events |= EPOLLIN;
    if (any(interest & Interest::Write))
        events |= EPOLLOUT;
    if (any(interest & Interest::Exception))
        events |= EPOLLPRI;
    return events;
}

Interest fromEpoll(std::uint32_t events)
{
    if (events & (EPOLLHUP | EPOLLERR))
        return Interest::All;
    Interest ready = Interest::None;
    if (events & EPOLLIN)
        ready |= Interest::Read;
    if (events & EPOLLOUT)
        ready |= Interest::Write;
    if (events & EPOLLPRI)
        ready |= Interest::Exception;
    return ready;
}

/// Has this system epoll at all? Asked once: later, only descriptors and memory can be missing.
std::error_code tryEpoll()
{
    const UniqueFd set(::epoll_create1(EPOLL_CLOEXEC));
    const std::error_code error = set ? std::error_code() : lastError();
    return isLackOfResources(error) ? std::error_code() : error;
}

/// What is no fault of epoll_pwait2(2): other errors mean that it can't be used here.
bool isExpected(int error)
{
    return error == EINTR || error == EBADF || error == EFAULT || error == EINVAL;
}

/// epoll_wait(2), or what newer C libraries and systems have instead: a filter may know only that.
int waitCoarsely(int set, epoll_event *events, int size, int milliseconds)
{
    const int count = ::epoll_wait(set, events, size, milliseconds);
    if (count >= 0 || isExpected(errno))
        return count;
    return ::epoll_pwait(set, events, size, milliseconds, nullptr);
}

/// epoll_pwait2(2) came with Linux 5.11 and glibc 2.35. Older kernels and valgrind answer ENOSYS, filters of
/// containers EPERM.
int waitPrecisely(int set, epoll_event *events, int size, Nanoseconds timeout)
{
#if defined(__GLIBC_PREREQ) && __GLIBC_PREREQ(2, 35)
    static std::atomic<bool> s_missing{false};
    if (!s_missing.load(std::memory_order_relaxed)) {
        const timespec relative = toTimespec(timeout);
        const int count = ::epoll_pwait2(set, events, size, &relative, nullptr);
        if (count >= 0 || isExpected(errno))
            return count;
        s_missing.store(true, std::memory_order_relaxed);
    }
#endif
    return waitCoarsely(set, events, size, wholeMilliseconds(timeout));
}

/// Is the set the only one that can't watch the descriptor? epoll_ctl(2) on the rest: registered already or
/// not, closed, a file that is always ready, no resources.
bool isForPoll(std::error_code error)
{
    return error && error != std::errc::file_exists && error != std::errc::no_such_file_or_directory &&
           error != std::errc::bad_file_descriptor && error != std::errc::operation_not_permitted &&
           !isLackOfResources(error);
}

int interrupted()
{
    errno = EINTR;
    return -1;
}

} // namespace

PollerOrError EpollPoller::create(ClockFunction clock)
{
    static const std::error_code s_error = tryEpoll();
    if (s_error)
        return {nullptr, s_error};
    return {std::unique_ptr<EpollPoller>(new EpollPoller(clock)), {}};
}

EpollPoller::EpollPoller(ClockFunction clock) : KernelSetPoller(clock) {}

EpollPoller::~EpollPoller()
{
    if (m_set && !m_waker.isEnrolled(m_set.get()))
        letGo(); // the program closed them, and the numbers may mean files of its own by now
}

std::error_code EpollPoller::openEach()
{
    if (const std::error_code error = openSet(m_set))
        return error;
    m_polled.setOwn(m_set.get());
    m_target.store(m_set.get());
    return {};
}

std::error_code EpollPoller::openSet(UniqueFd &set)
{
    set = keepOffStandard(::epoll_create1(EPOLL_CLOEXEC));
    return set ? m_waker.enrol(set.get()) : lastError();
}

void EpollPoller::closeSets()
{
    m_target.store(-1);
    m_wakeTarget.store(-1);
    m_polled.setOwn(-1);
    m_set.reset();
    m_wakeSet.reset();
}

void EpollPoller::letGo()
{
    m_waker.abandon();
    m_set.release();
    m_wakeSet.release();
}

std::error_code EpollPoller::control(int operation, int fd, Interest interest, std::uint64_t token)
{
    if (!m_set)
        return std::make_error_code(std::errc::no_such_file_or_directory);
    if (isOwn(fd)) // the program has closed it, or we could not have got its number
        return std::make_error_code(std::errc::bad_file_descriptor);
    epoll_event event{};
    event.events = toEpoll(interest);
    event.data.u64 = token;
    return resultOf(::epoll_ctl(m_set.get(), operation, fd, &event));
}

/// The set may be the only one that can't watch the descriptor: there is poll(2).
std::error_code EpollPoller::settle(int fd, Interest interest, std::uint64_t token, std::error_code error)
{
    const bool mayBeLost = error == std::errc::bad_file_descriptor || isForPoll(error);
    const bool isPolled = mayBeLost && (noteIfLost() || isForPoll(error));
    return isPolled ? m_polled.add(fd, interest, token) : error;
}

std::error_code EpollPoller::add(int fd, Interest interest, std::uint64_t token)
{
    if (m_polled.contains(fd))
        return std::make_error_code(std::errc::file_exists);
    if (open())
        return m_polled.add(fd, interest, token);
    return settle(fd, interest, token, control(EPOLL_CTL_ADD, fd, interest, token));
}

std::error_code EpollPoller::modify(int fd, Interest interest, std::uint64_t token)
{
    if (!m_polled.remove(fd))
        return add(fd, interest, token); // it may be for the set by now
    return settle(fd, interest, token, control(EPOLL_CTL_MOD, fd, interest, token));
}

std::error_code EpollPoller::remove(int fd)
{
    return m_polled.remove(fd) ? control(EPOLL_CTL_DEL, fd, Interest::None, 0) : std::error_code();
}

int EpollPoller::waitForWakeUp(Nanoseconds timeout)
{
    if (!m_wakeSet) {
        if (openSet(m_wakeSet)) {
            m_wakeSet.reset();
            pollFor({}, std::min(timeout, WithoutWakeUps));
            return interrupted();
        }
        m_wakeTarget.store(m_wakeSet.get());
        if (hasWakeUp()) // by somebody who may not have seen this set
            return interrupted();
    }
    return waitIn(m_wakeSet.get(), timeout);
}

int EpollPoller::waitIn(int set, Nanoseconds timeout)
{
    if (m_buffer.empty())
        m_buffer.resize(FirstBufferSize);
    const int size = static_cast<int>(m_buffer.size());
    int count;
    if (timeout == Nanoseconds::zero())
        count = waitCoarsely(set, m_buffer.data(), size, 0);
    else if (timeout == Forever)
        count = waitCoarsely(set, m_buffer.data(), size, -1);
    else
        count = waitPrecisely(set, m_buffer.data(), size, timeout);
    m_reported = count > 0 ? static_cast<std::size_t>(count) : 0;
    return count;
}

std::span<const ReadyEvent> EpollPoller::collect()
{
    m_ready.clear();
    if (m_reported == 1 && m_buffer.front().data.u64 == EpollWaker::Token && m_polled.isEmpty())
        return {}; // the wake-up of a loop that slept
    for (const epoll_event &event : std::span(m_buffer).first(m_reported)) {
        if (event.data.u64 != EpollWaker::Token)
            m_ready.push_back({event.data.u64, fromEpoll(event.events), false});
    }
    growIfFull(m_buffer, m_reported);
    m_polled.visitReady([this](int, std::uint64_t token, short events) {
        m_ready.push_back({token, fromPollEvents(events), (events & POLLNVAL) != 0});
    });
    return m_ready;
}

void EpollPoller::notify()
{
    // Without a set the loop looks by itself.
    bool arrives = true;
    for (const int target : {m_target.load(), m_wakeTarget.load()})
        arrives = (target < 0 || m_waker.wake(target)) && arrives;
    if (!arrives)
        m_thread.send();
}

} // namespace Flywheel
