// SPDX-License-Identifier: MIT
#include "poller/epoll/epollwaker.h"

#include "platform/unix/syscalls.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace Flywheel {

namespace {

std::error_code control(int set, int operation, int fd, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.u64 = EpollWaker::Token;
    return resultOf(::epoll_ctl(set, operation, fd, &event));
}

} // namespace

std::error_code EpollWaker::enrol(int set)
{
    if (!m_readable)
        m_readable = keepOffStandard(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!m_readable)
        return lastError();
    m_target.store(m_readable.get());
    // Without EPOLLIN: nobody woke this loop yet.
    return control(set, EPOLL_CTL_ADD, m_readable.get(), EPOLLET);
}

bool EpollWaker::isEnrolled(int set) const
{
    // Wakes whoever waits there, for nothing. Without EPOLLIN it would take back a wake-up that is on its
    // way, which may be the parent's in a forked child.
    return !control(set, EPOLL_CTL_MOD, m_readable.get(), EPOLLIN | EPOLLET);
}

void EpollWaker::abandon()
{
    m_target.store(-1);
    m_readable.release();
}

bool EpollWaker::wake(int set) const
{
    return !control(set, EPOLL_CTL_MOD, m_target.load(), EPOLLIN | EPOLLET);
}

} // namespace Flywheel
