// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

namespace Flywheel {

/// Owns one file descriptor and closes it. Empty is -1, as the system calls report failure.
class UniqueFd
{
public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) noexcept : m_fd(fd) {}
    UniqueFd(UniqueFd &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    UniqueFd &operator=(UniqueFd &&other) noexcept
    {
        reset(std::exchange(other.m_fd, -1));
        return *this;
    }
    ~UniqueFd() { reset(); }

    void reset(int fd = -1) noexcept;
    /// Lets go without closing.
    void release() noexcept { m_fd = -1; }
    int get() const noexcept { return m_fd; }
    explicit operator bool() const noexcept { return m_fd >= 0; }

private:
    int m_fd = -1;
};

/// Takes a descriptor that was just opened, or -1 with errno. One of 0 to 2 is moved: those numbers were
/// free, and a program that opens its standard files later would do so over ours. Empty on failure (errno).
UniqueFd keepOffStandard(int fd) noexcept;

} // namespace Flywheel
