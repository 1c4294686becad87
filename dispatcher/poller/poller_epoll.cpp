// SPDX-License-Identifier: MIT
#include "poller/poller_epoll.h"

#include "base/syscalls.h"

#include <atomic>
#include <cerrno>
#include <climits>

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

} // namespace

PollerOrError EpollPoller::create(ClockFunction clock)
{
    std::unique_ptr<EpollPoller> poller(new EpollPoller(clock));
    if (const std::error_code error = poller->open())
        return {nullptr, error};
    return {std::move(poller), {}};
}

std::error_code EpollPoller::open()
{
    if (!m_wakeFd)
        m_wakeFd.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!m_wakeFd)
        return lastError();
    m_set.reset(::epoll_create1(EPOLL_CLOEXEC));
    if (!m_set)
        return lastError();
    m_wakeSet.reset(::epoll_create1(EPOLL_CLOEXEC));
    if (!m_wakeSet)
        return lastError();
    m_owner = ::getpid();
    m_buffer.resize(FirstBufferSize);
    const std::error_code error = addWakeFd(m_set.get(), m_wakeFd.get());
    return error ? error : addWakeFd(m_wakeSet.get(), m_wakeFd.get());
}

std::error_code EpollPoller::reset()
{
    // A child shares its parent's objects, and may have closed their numbers and given them to other files:
    // let go without closing. So may somebody who closed the set behind our back.
    const bool lost =
        ::getpid() != m_owner || addWakeFd(m_set.get(), m_wakeFd.get()) != std::errc::file_exists;
    if (lost) {
        m_wakeFd.release();
        m_set.release();
        m_wakeSet.release();
    }
    return open();
}

std::error_code EpollPoller::control(int operation, int fd, Interest interest, std::uint64_t token)
{
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
    const int count = waitIn(what == WaitFor::Everything ? m_set.get() : m_wakeSet.get(), timeout);
    if (count < 0)
        return errno == EINTR ? Outcome{} : Outcome{{}, false, lastError()};
    if (count == 0)
        return {{}, true, {}};
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
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wakeFd.get(), &one, sizeof one);
}

} // namespace Flywheel
