// SPDX-License-Identifier: MIT
#pragma once

#include "poller/interest.h"

#include <poll.h>

namespace Flywheel {

/// Interest in the terms of poll(2).
constexpr short toPollEvents(Interest interest)
{
    int events = 0;
    if (any(interest & Interest::Read))
        events |= POLLIN;
    if (any(interest & Interest::Write))
        events |= POLLOUT;
    if (any(interest & Interest::Exception))
        events |= POLLPRI;
    return static_cast<short>(events);
}

/// Hang-up and error count for every interest; POLLNVAL for none.
constexpr Interest fromPollEvents(short events)
{
    if (events & (POLLHUP | POLLERR))
        return Interest::All;
    Interest ready = Interest::None;
    if (events & POLLIN)
        ready |= Interest::Read;
    if (events & POLLOUT)
        ready |= Interest::Write;
    if (events & POLLPRI)
        ready |= Interest::Exception;
    return ready;
}

} // namespace Flywheel
