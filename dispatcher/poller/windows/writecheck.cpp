// SPDX-License-Identifier: MIT
#include "poller/writecheck.h"

#include "platform/windows/windows.h"

namespace Flywheel {

namespace {

Interest checkOne(int fd)
{
    WSAPOLLFD polled{static_cast<SOCKET>(fd), POLLWRNORM, 0};
    if (::WSAPoll(&polled, 1, 0) <= 0 || (polled.revents & POLLNVAL))
        return Interest::None;
    return polled.revents & (POLLERR | POLLHUP) ? Interest::All : Interest::Write;
}

} // namespace

/// One by one: WSAPoll() refuses the whole of an array that holds something that is no socket.
int checkWritable(std::span<CheckedDescriptor> descriptors)
{
    int ready = 0;
    for (CheckedDescriptor &descriptor : descriptors) {
        descriptor.ready = checkOne(descriptor.fd);
        ready += any(descriptor.ready);
    }
    return ready;
}

} // namespace Flywheel
