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

ForkGuard s_guard{};

} // namespace

bool guardForks(const ForkGuard &guard)
{
    s_guard = guard;
    return ::pthread_atfork([] { s_guard.before(); }, [] { s_guard.after(false); },
                            [] { s_guard.after(true); }) == 0;
}

unsigned forkCount() noexcept
{
    return s_forks.load(std::memory_order_relaxed);
}

} // namespace Flywheel
