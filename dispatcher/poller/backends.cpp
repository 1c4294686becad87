// SPDX-License-Identifier: MIT
#include "poller/backends.h"

#include "poller/poller_poll.h"
#ifdef __linux__
#    include "poller/poller_epoll.h"
#endif

#include <array>

namespace Flywheel {

namespace {

PollerOrError createPoll(ClockFunction clock)
{
    return {std::make_unique<PollPoller>(clock), {}};
}

constexpr std::array All{
#ifdef __linux__
    Backend{Poller::Epoll, EpollPoller::create},
#endif
    Backend{Poller::Poll, createPoll},
};

} // namespace

std::span<const Backend> backends()
{
    return All;
}

} // namespace Flywheel
