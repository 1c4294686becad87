// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace Flywheel::Telemetry {

/// Makes the child of a fork(2) close a socket that only the parent serves. Otherwise watchers would not
/// notice the end of the parent, because the child would still hold its sockets open. Works for at most 64
/// sockets at a time; further ones stay open in the child.
class ClosedInChild
{
public:
    explicit ClosedInChild(int fd);
    ~ClosedInChild();
    ClosedInChild(const ClosedInChild &) = delete;
    ClosedInChild &operator=(const ClosedInChild &) = delete;

private:
    std::size_t m_slot;
};

/// While such an object exists, a fork(2) in another thread waits. Use it around code that holds locks which
/// the child will need. Hold it only for a short time, and do not nest it.
class NoForkMeanwhile
{
public:
    NoForkMeanwhile();
    ~NoForkMeanwhile();
    NoForkMeanwhile(const NoForkMeanwhile &) = delete;
    NoForkMeanwhile &operator=(const NoForkMeanwhile &) = delete;
};

} // namespace Flywheel::Telemetry
