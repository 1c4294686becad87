// SPDX-License-Identifier: MIT
#include "platform/forkcounter.h"

#include <atomic>

#include <pthread.h>

namespace Flywheel {

namespace {

std::atomic<unsigned> s_forks{0};

// getpid(2) would be a system call a pass; the handler runs in the child's only thread.
const int s_registered =
    ::pthread_atfork(nullptr, nullptr, [] { s_forks.fetch_add(1, std::memory_order_relaxed); });

} // namespace

bool guardForks(const ForkGuard &guard)
{
    return ::pthread_atfork(guard.before, guard.inParent, guard.inChild) == 0;
}

unsigned forkCount() noexcept
{
    return s_forks.load(std::memory_order_relaxed);
}

} // namespace Flywheel
