// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/config.h>

namespace Flywheel {

/// The kernel interface that a loop waits in.
enum class Poller {
    Auto,  ///< FLYWHEEL_POLLER if it is set, otherwise the best one of the platform
    Epoll, ///< epoll(7), Linux: cost independent of the number of idle descriptors
    Poll,  ///< poll(2), every Unix: cost grows with the number of descriptors
};

/// How a dispatcher is set up. Plain data: copy it, change it, pass it to install() or EventDispatcher.
struct Options
{
    /// Explicit values win over the environment variable FLYWHEEL_POLLER ("epoll", "poll"). An unknown or
    /// unavailable poller is reported by a warning and Auto's default is used.
    Poller poller = Poller::Auto;
};

} // namespace Flywheel
