// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace Flywheel {

/// Orders what the thread stored before against what it loads afterwards, which no weaker fence does.
inline void fullFence() noexcept
{
#if defined(__GNUC__) && !defined(__clang__)
    // The thread sanitizer does not model fences. It need not: only atomics and mutexes depend on this one.
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wtsan"
#endif
    std::atomic_thread_fence(std::memory_order_seq_cst);
#if defined(__GNUC__) && !defined(__clang__)
#    pragma GCC diagnostic pop
#endif
}

} // namespace Flywheel
