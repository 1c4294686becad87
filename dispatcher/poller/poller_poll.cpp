// SPDX-License-Identifier: MIT
#include "poller/poller_poll.h"

#include "base/syscalls.h"
#include "poller/pollmask.h"

#include <array>

#include <fcntl.h>
#include <unistd.h>

namespace Flywheel {

PollPoller::PollPoller(ClockFunction clock)
    : AbstractPoller(clock)
    , m_owner(::getpid())
    , m_polled(1, pollfd{-1, POLLIN, 0})
    , m_tokens(1, 0)
{
    openWakePipe();
}

bool PollPoller::openWakePipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) < 0)
        return false;
    m_wakeRead.reset(ends[0]);
    m_wakeWrite.reset(ends[1]);
    m_polled.front().fd = ends[0];
    m_wakeTarget.store(ends[1], std::memory_order_release);
    return true;
}

/// The numbers are the parent's too, or were closed, and may be other files by now: lets go without closing.
void PollPoller::loseWakePipe()
{
    m_wakeRead.release();
    m_wakeWrite.release();
    m_wakeTarget.store(-1, std::memory_order_relaxed);
    m_polled.front().fd = -1;
}

std::uint32_t *PollPoller::placeOf(int fd)
{
    std::uint32_t *place = m_places.find(static_cast<std::size_t>(fd));
    return place && *place != 0 ? place : nullptr;
}

std::error_code PollPoller::add(int fd, Interest interest, std::uint64_t token)
{
    std::uint32_t &place = m_places[static_cast<std::size_t>(fd)];
    if (place != 0)
        return std::make_error_code(std::errc::file_exists);
    place = static_cast<std::uint32_t>(m_polled.size());
    m_polled.push_back({fd, toPollEvents(interest), 0});
    m_tokens.push_back(token);
    return {};
}

std::error_code PollPoller::modify(int fd, Interest interest, std::uint64_t token)
{
    const std::uint32_t *place = placeOf(fd);
    if (!place)
        return std::make_error_code(std::errc::no_such_file_or_directory);
    m_polled[*place].events = toPollEvents(interest);
    m_tokens[*place] = token;
    return {};
}

std::error_code PollPoller::remove(int fd)
{
    std::uint32_t *place = placeOf(fd);
    if (!place)
        return std::make_error_code(std::errc::no_such_file_or_directory);
    // The last one moves into the gap.
    m_polled[*place] = m_polled.back();
    m_tokens[*place] = m_tokens.back();
    m_places[static_cast<std::size_t>(m_polled.back().fd)] = *place;
    *place = 0;
    m_polled.pop_back();
    m_tokens.pop_back();
    return {};
}

std::error_code PollPoller::reset()
{
    for (std::size_t i = 1; i < m_polled.size(); ++i)
        m_places[static_cast<std::size_t>(m_polled[i].fd)] = 0;
    m_polled.resize(1);
    m_tokens.resize(1);
    if (::getpid() != m_owner) {
        m_owner = ::getpid();
        loseWakePipe();
        openWakePipe();
    }
    return {};
}

AbstractPoller::Outcome PollPoller::doWait(Nanoseconds timeout, WaitFor what)
{
    // Whoever wakes us while there is no pipe leaves only the flag. It is looked at after each slice, also
    // after the pipe was made: the poster may not have seen it yet.
    const bool sliced = !m_wakeRead && timeout > WithoutWakeUps;
    if (!m_wakeRead)
        openWakePipe();
    const nfds_t count = what == WaitFor::Everything ? m_polled.size() : 1;
    const timespec relative = toTimespec(sliced ? WithoutWakeUps : timeout);
    const bool forever = !sliced && timeout == Forever;

    const int ready = ::ppoll(m_polled.data(), count, forever ? nullptr : &relative, nullptr);
    if (ready < 0)
        return errno == EINTR ? Outcome{} : Outcome{{}, false, lastError()};
    if (ready == 0)
        return {{}, !sliced, {}};
    if (m_polled.front().revents & POLLNVAL)
        loseWakePipe(); // closed behind our back; the next wait makes another one
    else if (m_polled.front().revents != 0)
        drainWakePipe();
    return collect(1, count);
}

AbstractPoller::Outcome PollPoller::collect(std::size_t first, std::size_t last)
{
    m_ready.clear();
    for (std::size_t i = first; i < last; ++i) {
        const short events = m_polled[i].revents;
        if (events != 0)
            m_ready.push_back({m_tokens[i], fromPollEvents(events), (events & POLLNVAL) != 0});
    }
    return {m_ready, false, {}};
}

void PollPoller::drainWakePipe()
{
    // At most one byte a sleep; the pipe is empty when the read fails or comes back short.
    std::array<char, 16> bytes;
    while (::read(m_wakeRead.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())) {}
}

void PollPoller::notify()
{
    // EAGAIN: the pipe is full of wake-ups, one more changes nothing. Without a pipe the loop looks by
    // itself.
    const char byte = 0;
    const int target = m_wakeTarget.load(std::memory_order_acquire);
    [[maybe_unused]] const ssize_t written = target < 0 ? 0 : ::write(target, &byte, 1);
}

} // namespace Flywheel
