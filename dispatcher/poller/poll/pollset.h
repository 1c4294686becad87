// SPDX-License-Identifier: MIT
#pragma once

#include "base/pagedarray.h"
#include "poller/interest.h"
#include "poller/poller.h"

#include <cstdint>
#include <system_error>
#include <vector>

#include <poll.h>

namespace Flywheel {

/// Descriptors for poll(2), with tokens. The first place is for a descriptor of the poller's own, whose
/// readiness only it understands.
class PollSet
{
public:
    PollSet() : m_polled(1, pollfd{-1, POLLIN, 0}), m_tokens(1, 0) {}

    /// -1: none.
    void setOwn(int fd) { m_polled.front().fd = fd; }
    /// What the last wait() found.
    short ownEvents() const { return m_polled.front().revents; }

    /// The errors are those of AbstractPoller.
    std::error_code add(int fd, Interest interest, std::uint64_t token);
    std::error_code modify(int fd, Interest interest, std::uint64_t token);
    std::error_code remove(int fd);
    /// All but the own one.
    void clear();
    bool isEmpty() const { return m_polled.size() == 1; }
    bool contains(int fd) { return placeOf(fd) != nullptr; }

    /// As if the last wait had found nothing.
    void forgetReadiness() { m_asked = 0; }
    /// What poll(2) returns. WaitFor::WakeUps: only the own one is asked.
    int wait(Nanoseconds timeout, WaitFor what);

    /// Calls \a visit(fd, token, events) for each that the last wait() found ready, but not for the own one.
    template <typename Visitor>
    void visitReady(Visitor visit) const
    {
        for (std::size_t i = 1; i < m_asked; ++i) {
            if (m_polled[i].revents != 0)
                visit(m_polled[i].fd, m_tokens[i], m_polled[i].revents);
        }
    }

private:
    std::uint32_t *placeOf(int fd);
    static int waitInParts(std::span<pollfd> asked, Nanoseconds timeout);

    // Parallel, for poll(2) wants its array dense.
    std::vector<pollfd> m_polled;
    std::vector<std::uint64_t> m_tokens;
    PagedArray<std::uint32_t> m_places; ///< by descriptor: index into m_polled, 0 for none
    std::size_t m_asked = 0;            ///< so many took part in the last wait
};

} // namespace Flywheel
