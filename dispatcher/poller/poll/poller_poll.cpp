// SPDX-License-Identifier: MIT
#include "poller/poll/poller_poll.h"

#include "platform/unix/syscalls.h"
#include "poller/poll/pollmask.h"

#include <algorithm>

namespace Flywheel {

namespace {

/// Pipes that can't be read so often are not broken by accident: wake-ups are looked for every 10 ms then.
constexpr unsigned MostBrokenPipes = 16;

} // namespace

PollPoller::PollPoller(ClockFunction clock) : AbstractPoller(clock) {}

bool PollPoller::openPipe()
{
    m_thread.adopt();
    if (m_brokenPipes >= MostBrokenPipes)
        return false;
    const bool isMade = m_pipe.open();
    setOpenError(isMade ? std::error_code() : lastError());
    if (isMade)
        m_set.setOwn(m_pipe.readEnd());
    return isMade;
}

/// In a forked child, or after somebody closed it behind our back.
void PollPoller::losePipe()
{
    m_pipe.abandon();
    m_set.setOwn(-1);
}

std::error_code PollPoller::add(int fd, Interest interest, std::uint64_t token)
{
    if (m_pipe.has(fd) && !m_pipe.isIntact())
        losePipe();
    if (!m_pipe)
        openPipe();
    if (m_pipe.has(fd)) // the program has closed it, or we could not have got its number
        return std::make_error_code(std::errc::bad_file_descriptor);
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
    if (!m_processMark.isSameProcess()) {
        m_processMark.renew();
        losePipe();
    }
    return {};
}

AbstractPoller::Outcome PollPoller::doWait(Nanoseconds timeout, WaitFor what)
{
    if (!m_pipe && timeout != Nanoseconds::zero() && openPipe())
        return {}; // whoever woke us before that left only the flag: look at it first
    // Without a pipe, wake-ups leave only the flag, which is looked at after each slice.
    const Nanoseconds slice = m_pipe ? timeout : std::min(timeout, WithoutWakeUps);
    const int ready = m_set.wait(slice, what);
    if (ready < 0)
        return errno == EINTR ? Outcome{} : Outcome{{}, false, lastError()};
    if (ready == 0)
        return {{}, slice == timeout, {}};
    if (m_set.ownEvents() & POLLNVAL)
        losePipe(); // the next wait makes another one
    else if (m_set.ownEvents() != 0)
        takeWakeUp();
    return collect();
}

void PollPoller::takeWakeUp()
{
    if (m_pipe.drain())
        return;
    setOpenError(lastError());
    ++m_brokenPipes;
    losePipe();
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
    if (!m_pipe.write()) // without a pipe the loop looks by itself
        m_thread.send();
}

} // namespace Flywheel
