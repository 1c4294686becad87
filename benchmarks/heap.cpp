// SPDX-License-Identifier: MIT
#include "heap.h"

#include <cstdlib>
#include <malloc.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#    define FLYWHEEL_COUNT_ALLOCATIONS 1
#else
#    define FLYWHEEL_COUNT_ALLOCATIONS 0
#endif

#if FLYWHEEL_COUNT_ALLOCATIONS

namespace {

constinit thread_local std::uint64_t allocations = 0;

} // namespace

// The way that glibc's manual describes ("Replacing malloc"): the program's own definitions serve its
// libraries too.
extern "C" {

void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_realloc(void *block, std::size_t size);

__attribute__((visibility("default"))) void *malloc(std::size_t size)
{
    ++allocations;
    return __libc_malloc(size);
}

__attribute__((visibility("default"))) void *calloc(std::size_t count, std::size_t size)
{
    ++allocations;
    return __libc_calloc(count, size);
}

__attribute__((visibility("default"))) void *realloc(void *block, std::size_t size)
{
    ++allocations;
    return __libc_realloc(block, size);
}

} // extern "C"

#endif

namespace Flywheel::Bench {

std::optional<std::uint64_t> allocationsOfThread()
{
#if FLYWHEEL_COUNT_ALLOCATIONS
    return allocations;
#else
    return std::nullopt;
#endif
}

std::optional<std::size_t> liveBytes()
{
#if FLYWHEEL_COUNT_ALLOCATIONS && __GLIBC_PREREQ(2, 33)
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
#else
    return std::nullopt;
#endif
}

} // namespace Flywheel::Bench
