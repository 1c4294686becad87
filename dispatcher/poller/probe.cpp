// SPDX-License-Identifier: MIT
#include "poller/probe.h"

#include <algorithm>
#include <cerrno>

namespace Flywheel {

int probe(std::span<pollfd> descriptors)
{
    int ready;
    do {
        ready = ::poll(descriptors.data(), descriptors.size(), 0);
    } while (ready < 0 && errno == EINTR);
    return std::max(ready, 0);
}

} // namespace Flywheel
