// SPDX-License-Identifier: MIT
#include "poller/poll/pollset.h"

#include "poller/poll/pollcall.h"
#include "poller/poll/pollmask.h"

#include <algorithm>
#include <cerrno>

#include <sys/resource.h>

namespace Flywheel {

namespace {

/// How long to leave descriptors alone that can't all be waited for at once.
constexpr Nanoseconds LookAgainAfter = std::chrono::milliseconds(10);

} // namespace

std::uint32_t *PollSet::placeOf(int fd)
{
    std::uint32_t *place = m_places.find(static_cast<std::size_t>(fd));
    return place && *place != 0 ? place : nullptr;
}

std::error_code PollSet::add(int fd, Interest interest, std::uint64_t token)
{
    std::uint32_t &place = m_places[static_cast<std::size_t>(fd)];
    if (place != 0)
        return std::make_error_code(std::errc::file_exists);
    place = static_cast<std::uint32_t>(m_polled.size());
    m_polled.push_back({fd, toPollEvents(interest), 0});
    m_tokens.push_back(token);
    return {};
}

std::error_code PollSet::modify(int fd, Interest interest, std::uint64_t token)
{
    const std::uint32_t *place = placeOf(fd);
    if (!place)
        return std::make_error_code(std::errc::no_such_file_or_directory);
    m_polled[*place].events = toPollEvents(interest);
    m_tokens[*place] = token;
    return {};
}

std::error_code PollSet::remove(int fd)
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

void PollSet::clear()
{
    for (std::size_t i = 1; i < m_polled.size(); ++i)
        m_places[static_cast<std::size_t>(m_polled[i].fd)] = 0;
    m_polled.resize(1);
    m_tokens.resize(1);
    m_asked = 0;
}

int PollSet::wait(Nanoseconds timeout, WaitFor what)
{
    m_asked = what == WaitFor::Everything ? m_polled.size() : 1;
    const std::span<pollfd> asked = std::span(m_polled).first(m_asked);
    const int ready = pollFor(asked, timeout);
    return ready < 0 && errno == EINVAL && m_asked > 1 ? waitInParts(asked, timeout) : ready;
}

/// poll(2) refuses more descriptors than the process may open now; the limit was higher when they were.
int PollSet::waitInParts(std::span<pollfd> asked, Nanoseconds timeout)
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const std::size_t most = std::max<rlim_t>(limit.rlim_cur, 1);
    int ready = 0;
    for (std::span<pollfd> rest = asked; !rest.empty(); rest = rest.subspan(std::min(rest.size(), most)))
        ready += pollNow(rest.first(std::min(rest.size(), most)));
    if (ready > 0 || timeout == Nanoseconds::zero())
        return ready;
    const Nanoseconds slice = std::min(timeout, LookAgainAfter);
    if (const int own = pollFor(asked.first(1), slice); own != 0 || slice == timeout)
        return own;
    errno = EINTR; // the time is not over
    return -1;
}

} // namespace Flywheel
