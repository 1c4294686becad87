// SPDX-License-Identifier: MIT
#include "support/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> s_allocations{0};

void *allocate(std::size_t size)
{
    s_allocations.fetch_add(1, std::memory_order_relaxed);
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}

} // namespace

std::size_t Flywheel::Test::allocations()
{
    return s_allocations.load(std::memory_order_relaxed);
}

// The array forms call these ([new.delete.array]).
void *operator new(std::size_t size)
{
    return allocate(size);
}

void operator delete(void *memory) noexcept
{
    std::free(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}
