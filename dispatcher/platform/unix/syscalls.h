// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <system_error>

#include <cerrno>
#include <climits>
#include <ctime>

namespace Flywheel {

/// errno as an error code.
inline std::error_code lastError()
{
    return {errno, std::generic_category()};
}

/// The outcome of a system call that returns -1 for failure.
inline std::error_code resultOf(int returned)
{
    return returned < 0 ? lastError() : std::error_code();
}

/// A duration that is not negative.
constexpr timespec toTimespec(std::chrono::nanoseconds duration)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    return {static_cast<std::time_t>(seconds.count()), static_cast<long>((duration - seconds).count())};
}

/// For system calls without a finer time-out. Rounded up: a wait never ends early.
constexpr int wholeMilliseconds(std::chrono::nanoseconds duration)
{
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
    return ms > INT_MAX ? INT_MAX : static_cast<int>(ms);
}

} // namespace Flywheel
