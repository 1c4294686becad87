// SPDX-License-Identifier: MIT
#include "poller/writeprobe.h"

#include "poller/poll/pollcall.h"
#include "poller/poll/pollmask.h"

#include <algorithm>
#include <array>

namespace Flywheel {

namespace {

constexpr std::size_t AtATime = 64;

int probeTogether(std::span<ProbedDescriptor> descriptors)
{
    std::array<pollfd, AtATime> buffer;
    const std::span<pollfd> polled(buffer.data(), descriptors.size());
    std::transform(descriptors.begin(), descriptors.end(), polled.begin(),
                   [](const ProbedDescriptor &probed) {
                       return pollfd{probed.fd, POLLOUT, 0};
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

int probe(std::span<ProbedDescriptor> descriptors)
{
    int ready = 0;
    for (; !descriptors.empty(); descriptors = descriptors.subspan(std::min(descriptors.size(), AtATime)))
        ready += probeTogether(descriptors.first(std::min(descriptors.size(), AtATime)));
    return ready;
}

} // namespace Flywheel
