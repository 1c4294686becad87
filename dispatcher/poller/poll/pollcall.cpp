// SPDX-License-Identifier: MIT
#include "poller/poll/pollcall.h"

#include "platform/unix/syscalls.h"

#include <algorithm>
#include <cerrno>

namespace Flywheel {

int pollNow(std::span<pollfd> descriptors)
{
    int ready;
    do {
        ready = ::poll(descriptors.data(), static_cast<nfds_t>(descriptors.size()), 0);
    } while (ready < 0 && errno == EINTR);
    return std::max(ready, 0);
}

int pollFor(std::span<pollfd> descriptors, Nanoseconds timeout)
{
    const bool forever = timeout == Nanoseconds::max();
    const auto count = static_cast<nfds_t>(descriptors.size());
#ifdef __APPLE__ // has no ppoll(2)
    return ::poll(descriptors.data(), count, forever ? -1 : wholeMilliseconds(timeout));
#else
    const timespec relative = toTimespec(timeout);
#    ifdef __NetBSD__ // had ppoll(2) under this name before NetBSD 10
    return ::pollts(descriptors.data(), count, forever ? nullptr : &relative, nullptr);
#    else
    return ::ppoll(descriptors.data(), count, forever ? nullptr : &relative, nullptr);
#    endif
#endif
}

} // namespace Flywheel
