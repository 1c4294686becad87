// SPDX-License-Identifier: MIT
#pragma once

#include "poller/poller.h"

#include <map>
#include <memory>

namespace Flywheel::Test {

/// A new poller of the kind that the column "poller" of the test's data says (addPollerRows()).
std::unique_ptr<AbstractPoller> makePoller();

/// What the poller reports without waiting: readiness by token.
std::map<std::uint64_t, Interest> look(AbstractPoller &poller);

/// Waits without end until another thread has woken the poller, and takes the wake-up. False if something
/// else ended the wait.
bool isWokenFromAnotherThread(AbstractPoller &poller);

/// A limit that is over \a timeout from now.
inline AbstractPoller::Limit within(Nanoseconds timeout)
{
    return {steadyNow() + timeout};
}

} // namespace Flywheel::Test
