// SPDX-License-Identifier: MIT
#include "poller/backends.h"

#include "poller/poll/poller_poll.h"
#if defined(FLYWHEEL_EPOLL)
#    include "poller/epoll/poller_epoll.h"
#elif defined(FLYWHEEL_KQUEUE)
#    include "poller/kqueue/poller_kqueue.h"
#endif

#include <array>

namespace Flywheel {

namespace {

PollerOrError createPoll(ClockFunction clock)
{
    return {std::make_unique<PollPoller>(clock), {}};
}

constexpr std::array All
{
#if defined(FLYWHEEL_EPOLL)
    Backend{Poller::Epoll, EpollPoller::create},
#elif defined(FLYWHEEL_KQUEUE)
    Backend{Poller::Kqueue, KqueuePoller::create},
#endif
        Backend{Poller::Poll, createPoll},
};

} // namespace

std::span<const Backend> backends()
{
    return All;
}

} // namespace Flywheel
