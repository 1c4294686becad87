// SPDX-License-Identifier: MIT
#include "poller/poller_epoll.h"

#include "base/syscalls.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace Flywheel {

namespace {

constexpr std::uint64_t WakeToken = UINT64_MAX;
constexpr std::size_t FirstBufferSize = 64;
constexpr std::size_t LargestBufferSize = 4096;

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

std::error_code addWakeFd(int set, int wakeFd)
{
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = WakeToken;
    return resultOf(::epoll_ctl(set, EPOLL_CTL_ADD, wakeFd, &event));
}

/// Rounded up: a wait never ends early.
int wholeMilliseconds(Nanoseconds timeout)
{
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
    return ms > INT_MAX ? INT_MAX : static_cast<int>(ms);
}

/// epoll_pwait2(2) came with Linux 5.11 and glibc 2.35; older kernels and valgrind answer ENOSYS.
int waitPrecisely(int set, epoll_event *events, int size, Nanoseconds timeout)
{
#if defined(__GLIBC_PREREQ) && __GLIBC_PREREQ(2, 35)
    static std::atomic<bool> s_missing{false};
    if (!s_missing.load(std::memory_order_relaxed)) {
        const timespec relative = toTimespec(timeout);
        const int count = ::epoll_pwait2(set, events, size, &relative, nullptr);
        if (count >= 0 || errno != ENOSYS)
            return count;
        s_missing.store(true, std::memory_order_relaxed);
    }
#endif
    return ::epoll_wait(set, events, size, wholeMilliseconds(timeout));
}

int sleepFor(Nanoseconds timeout)
{
    const timespec relative = toTimespec(timeout);
    return ::ppoll(nullptr, 0, &relative, nullptr);
}

} // namespace

PollerOrError EpollPoller::create(ClockFunction clock)
{
    std::unique_ptr<EpollPoller> poller(new EpollPoller(clock));
    if (const std::error_code error = poller->open())
        return {nullptr, error};
    return {std::move(poller), {}};
}

EpollPoller::EpollPoller(ClockFunction clock)
    : AbstractPoller(clock)
    , m_owner(::getpid())
    , m_buffer(FirstBufferSize)
{
}

/// All or nothing: without both sets there is none.
std::error_code EpollPoller::open()
{
    const std::error_code error = openEach();
    if (error)
        closeSets();
    return error;
}

std::error_code EpollPoller::openEach()
{
    if (!m_wakeFd)
        m_wakeFd.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!m_wakeFd)
        return lastError();
    m_wakeTarget.store(m_wakeFd.get(), std::memory_order_release);
    m_set.reset(::epoll_create1(EPOLL_CLOEXEC));
    if (!m_set)
        return lastError();
    m_wakeSet.reset(::epoll_create1(EPOLL_CLOEXEC));
    if (!m_wakeSet)
        return lastError();
    const std::error_code error = addWakeFd(m_set.get(), m_wakeFd.get());
    return error ? error : addWakeFd(m_wakeSet.get(), m_wakeFd.get());
}

void EpollPoller::closeSets()
{
    m_set.reset();
    m_wakeSet.reset();
}

std::error_code EpollPoller::reset()
{
    const bool isOthers = ::getpid() != m_owner;
    if (isOthers || (m_set && addWakeFd(m_set.get(), m_wakeFd.get()) != std::errc::file_exists)) {
        // A child shares its parent's objects, and may have closed their numbers and given them to other
        // files: let go without closing. So may somebody who closed the set behind our back.
        m_owner = ::getpid();
        m_wakeTarget.store(-1, std::memory_order_release);
        m_wakeFd.release();
        m_set.release();
        m_wakeSet.release();
    }
    closeSets(); // first, for the process may be out of descriptors
    return open();
}

std::error_code EpollPoller::control(int operation, int fd, Interest interest, std::uint64_t token)
{
    if (!m_set) {
        if (const std::error_code error = open())
            return error;
    }
    epoll_event event{};
    event.events = toEpoll(interest);
    event.data.u64 = token;
    return resultOf(::epoll_ctl(m_set.get(), operation, fd, &event));
}

std::error_code EpollPoller::add(int fd, Interest interest, std::uint64_t token)
{
    return control(EPOLL_CTL_ADD, fd, interest, token);
}

std::error_code EpollPoller::modify(int fd, Interest interest, std::uint64_t token)
{
    return control(EPOLL_CTL_MOD, fd, interest, token);
}

std::error_code EpollPoller::remove(int fd)
{
    return control(EPOLL_CTL_DEL, fd, Interest::None, 0);
}

AbstractPoller::Outcome EpollPoller::doWait(Nanoseconds timeout, WaitFor what)
{
    // Whoever wakes us while there are no sets leaves only the flag. It is looked at after each slice, also
    // after they were made: the poster may not have seen the descriptor yet.
    const Nanoseconds slice = m_set ? timeout : std::min(timeout, WithoutWakeUps);
    const bool canWait = m_set || !open();
    const int set = what == WaitFor::Everything ? m_set.get() : m_wakeSet.get();
    const int count = canWait ? waitIn(set, slice) : sleepFor(slice);
    if (count < 0)
        return errno == EINTR ? Outcome{} : Outcome{{}, false, lastError()};
    if (count == 0)
        return {{}, slice == timeout, {}};
    return collect(static_cast<std::size_t>(count));
}

int EpollPoller::waitIn(int set, Nanoseconds timeout)
{
    const int size = static_cast<int>(m_buffer.size());
    if (timeout == Nanoseconds::zero())
        return ::epoll_wait(set, m_buffer.data(), size, 0);
    if (timeout == Forever)
        return ::epoll_wait(set, m_buffer.data(), size, -1);
    return waitPrecisely(set, m_buffer.data(), size, timeout);
}

AbstractPoller::Outcome EpollPoller::collect(std::size_t count)
{
    m_ready.clear();
    for (const epoll_event &event : std::span(m_buffer).first(count)) {
        if (event.data.u64 != WakeToken)
            m_ready.push_back({event.data.u64, fromEpoll(event.events), false});
    }
    if (count == m_buffer.size() && count < LargestBufferSize)
        m_buffer.resize(count * 2);
    return {m_ready, false, {}};
}

void EpollPoller::notify()
{
    // Never fails: the counter is at most one step a sleep, and 2^64 - 2 is out of reach (eventfd(2)).
    // Without a descriptor the loop looks by itself.
    const std::uint64_t one = 1;
    const int target = m_wakeTarget.load(std::memory_order_acquire);
    [[maybe_unused]] const ssize_t written = target < 0 ? 0 : ::write(target, &one, sizeof one);
}

} // namespace Flywheel
