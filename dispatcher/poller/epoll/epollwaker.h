// SPDX-License-Identifier: MIT
#pragma once

#include "platform/uniquefd.h"

#include <atomic>
#include <cstdint>
#include <system_error>

namespace Flywheel {

/// How other threads end a wait in an epoll set: they make the set look again at a descriptor that is always
/// readable, by EPOLL_CTL_MOD. The set reports it once for each time (EPOLLET).
///
/// That costs what a write to an eventfd costs, needs no read, and can't go wrong in silence: if the program
/// closed the descriptors or opened other files under their numbers, the call fails and changes nothing. A
/// write would go into the other file.
class EpollWaker
{
public:
    static constexpr std::uint64_t Token = UINT64_MAX;

    /// Makes the descriptor if it is not there, and adds it to the set. From now on wake() reaches the set,
    /// too.
    std::error_code enrol(int set);
    /// Is that set one that was enrolled here?
    bool isEnrolled(int set) const;
    /// Is that the descriptor in the sets?
    bool has(int fd) const { return fd == m_readable.get(); }
    /// Lets go without closing.
    void abandon();

    /// Any thread. False: the numbers mean something else by now.
    bool wake(int set) const;

private:
    UniqueFd m_readable;
    std::atomic<int> m_target{-1}; ///< m_readable, for other threads
};

} // namespace Flywheel
