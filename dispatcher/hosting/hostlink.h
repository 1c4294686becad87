// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtCore/qeventloop.h>

namespace Flywheel {

/// How a host, a native dispatcher, comes to end its wait for a hosted loop. The loop's thread only.
class HostLink
{
public:
    virtual ~HostLink() = default;
    /// The host's wait ends while \a descriptor is readable; -1: nothing is watched.
    virtual void watch(int descriptor) = 0;
    /// The host is about to wait: it must not do so beyond \a deadline. Immediately: not at all. A host's
    /// own waits end up to a millisecond late; \a exactly: that is too late.
    virtual void beforeWait(Instant deadline, bool exactly) = 0;
    /// Whether a foreign loop that runs the host in a handler serves us.
    virtual bool servesForeignLoops() const = 0;
    /// One pass of the host.
    virtual bool runHost(QEventLoop::ProcessEventsFlags flags) = 0;
};

} // namespace Flywheel
