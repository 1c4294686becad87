// SPDX-License-Identifier: MIT
#include "poller/writecheck.h"

#include "poller/poll/pollcall.h"
#include "poller/poll/pollmask.h"

#include <algorithm>
#include <array>

namespace Flywheel {

namespace {

constexpr std::size_t AtATime = 64;

int checkTogether(std::span<CheckedDescriptor> descriptors)
{
    std::array<pollfd, AtATime> buffer;
    const std::span<pollfd> polled(buffer.data(), descriptors.size());
    std::transform(descriptors.begin(), descriptors.end(), polled.begin(),
                   [](const CheckedDescriptor &checked) {
                       return pollfd{checked.fd, POLLOUT, 0};
                   });
    if (pollNow(polled) == 0)
        return 0;
    int ready = 0;
    for (std::size_t i = 0; i < polled.size(); ++i) {
        descriptors[i].ready = fromPollEvents(polled[i].revents);
        ready += any(descriptors[i].ready);
    }
    return ready;
}

} // namespace

int checkWritable(std::span<CheckedDescriptor> descriptors)
{
    int ready = 0;
    for (; !descriptors.empty(); descriptors = descriptors.subspan(std::min(descriptors.size(), AtATime)))
        ready += checkTogether(descriptors.first(std::min(descriptors.size(), AtATime)));
    return ready;
}

} // namespace Flywheel
