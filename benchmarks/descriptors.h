// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace Flywheel::Bench {

/// The result of a system call that a measurement can't go on without: ends the process if it failed. Here
/// and below descriptors live as long as the process, which measures one thing and ends.
template <typename Result>
Result must(Result result, const char *what)
{
    if (result < 0)
        qFatal("%s: %s", what, std::strerror(errno));
    return result;
}

/// Lets this process open \a count descriptors beside the few that every program has. Ends it if that is not
/// permitted.
void reserveDescriptors(int count);

/// Non-blocking and connected to each other.
std::pair<int, int> socketPair();

/// Sockets that never become ready.
std::vector<int> idleSockets(int count);

/// A new epoll(7) set that reports \a ready and watches \a idle beside it, for the lane Limit.
int epollOf(int ready, const std::vector<int> &idle);

void writeByte(int descriptor);
void readByte(int descriptor);

} // namespace Flywheel::Bench
