// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace Flywheel::Telemetry {

/// Sees to it that the child of a fork(2) closes a socket that only the parent serves: otherwise watchers of
/// the parent would not notice its end, and find somebody who seems to listen. At most 64 at a time; further
/// ones are left open.
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

/// While one exists, a fork(2) in another thread waits: for code that holds locks which the child will want
/// to take. Short, and not nested.
class NoForkMeanwhile
{
public:
    NoForkMeanwhile();
    ~NoForkMeanwhile();
    NoForkMeanwhile(const NoForkMeanwhile &) = delete;
    NoForkMeanwhile &operator=(const NoForkMeanwhile &) = delete;
};

} // namespace Flywheel::Telemetry
