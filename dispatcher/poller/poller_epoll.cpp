// SPDX-License-Identifier: MIT
#include "poller/poller_epoll.h"

#include "base/syscalls.h"

#include <cerrno>

#include <sys/eventfd.h>
#include <unistd.h>

namespace Flywheel {

namespace {

constexpr std::uint64_t WakeToken = UINT64_MAX;

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

EpollPoller::EpollPoller(ClockFunction clock) : KernelSetPoller(clock), m_buffer(FirstBufferSize) {}

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

void EpollPoller::abandon()
{
    m_wakeTarget.store(-1, std::memory_order_release);
    m_wakeFd.release();
    m_set.release();
    m_wakeSet.release();
}

bool EpollPoller::isOurs() const
{
    return addWakeFd(m_set.get(), m_wakeFd.get()) == std::errc::file_exists;
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

int EpollPoller::waitInKernel(Nanoseconds timeout, WaitFor what)
{
    const int set = what == WaitFor::Everything ? m_set.get() : m_wakeSet.get();
    const int size = static_cast<int>(m_buffer.size());
    int count;
    if (timeout == Nanoseconds::zero())
        count = ::epoll_wait(set, m_buffer.data(), size, 0);
    else if (timeout == Forever)
        count = ::epoll_wait(set, m_buffer.data(), size, -1);
    else
        count = waitPrecisely(set, m_buffer.data(), size, timeout);
    m_reported = count > 0 ? static_cast<std::size_t>(count) : 0;
    return count;
}

std::span<const ReadyEvent> EpollPoller::collect()
{
    m_ready.clear();
    for (const epoll_event &event : std::span(m_buffer).first(m_reported)) {
        if (event.data.u64 != WakeToken)
            m_ready.push_back({event.data.u64, fromEpoll(event.events), false});
    }
    growIfFull(m_buffer, m_reported);
    return m_ready;
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
