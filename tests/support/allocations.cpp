// SPDX-License-Identifier: MIT
#include "support/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::atomic<std::size_t> s_allocations{0};
std::atomic<std::size_t> s_bytes{0};

void *allocate(std::size_t size)
{
    void *const memory = std::malloc(size);
    if (!memory)
        throw std::bad_alloc();
    s_allocations.fetch_add(1, std::memory_order_relaxed);
    s_bytes.fetch_add(::malloc_usable_size(memory), std::memory_order_relaxed);
    return memory;
}

void release(void *memory)
{
    s_bytes.fetch_sub(::malloc_usable_size(memory), std::memory_order_relaxed);
    std::free(memory);
}

} // namespace

std::size_t Flywheel::Test::allocations()
{
    return s_allocations.load(std::memory_order_relaxed);
}

std::size_t Flywheel::Test::allocatedBytes()
{
    return s_bytes.load(std::memory_order_relaxed);
}

// The array forms call these ([new.delete.array]).
void *operator new(std::size_t size)
{
    return allocate(size);
}

void operator delete(void *memory) noexcept
{
    release(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
    release(memory);
}
