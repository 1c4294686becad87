// SPDX-License-Identifier: MIT
#include "poller/poller_poll.h"

#include "base/syscalls.h"
#include "poller/pollmask.h"

#include <unistd.h>

namespace Flywheel {

PollPoller::PollPoller(ClockFunction clock) : AbstractPoller(clock), m_owner(::getpid())
{
    openPipe();
}

void PollPoller::openPipe()
{
    if (m_pipe.open())
        m_set.setOwn(m_pipe.readEnd());
}

/// In a forked child, or after somebody closed it behind our back.
void PollPoller::losePipe()
{
    m_pipe.abandon();
    m_set.setOwn(-1);
}

std::error_code PollPoller::add(int fd, Interest interest, std::uint64_t token)
{
    return m_set.add(fd, interest, token);
}

std::error_code PollPoller::modify(int fd, Interest interest, std::uint64_t token)
{
    return m_set.modify(fd, interest, token);
}

std::error_code PollPoller::remove(int fd)
{
    return m_set.remove(fd);
}

std::error_code PollPoller::reset()
{
    m_set.clear();
    if (::getpid() != m_owner) {
        m_owner = ::getpid();
        losePipe();
        openPipe();
    }
    return {};
}

AbstractPoller::Outcome PollPoller::doWait(Nanoseconds timeout, WaitFor what)
{
    // Whoever wakes us while there is no pipe leaves only the flag. It is looked at after each slice, also
    // after the pipe was made: the poster may not have seen it yet.
    const Nanoseconds slice = m_pipe ? timeout : std::min(timeout, WithoutWakeUps);
    if (!m_pipe)
        openPipe();
    const int ready = m_set.wait(slice, what);
    if (ready < 0)
        return errno == EINTR ? Outcome{} : Outcome{{}, false, lastError()};
    if (ready == 0)
        return {{}, slice == timeout, {}};
    if (m_set.ownEvents() & POLLNVAL)
        losePipe(); // the next wait makes another one
    else if (m_set.ownEvents() != 0)
        m_pipe.drain();
    return collect();
}

AbstractPoller::Outcome PollPoller::collect()
{
    m_ready.clear();
    m_set.visitReady([this](int, std::uint64_t token, short events) {
        m_ready.push_back({token, fromPollEvents(events), (events & POLLNVAL) != 0});
    });
    return {m_ready, false, {}};
}

void PollPoller::notify()
{
    m_pipe.write(); // without a pipe the loop looks by itself
}

} // namespace Flywheel
