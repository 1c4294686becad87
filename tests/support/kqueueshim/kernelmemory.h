// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

namespace KqueueShim {

/// For what a real kqueue keeps in the kernel: tests that count the program's operator new do not count it.
template <typename T>
struct KernelMemory
{
    using value_type = T;

    KernelMemory() = default;
    template <typename U>
    KernelMemory(const KernelMemory<U> &)
    {
    }

    T *allocate(std::size_t count)
    {
        void *const memory = std::malloc(count * sizeof(T));
        if (!memory)
            throw std::bad_alloc();
        return static_cast<T *>(memory);
    }
    void deallocate(T *memory, std::size_t) { std::free(memory); }

    bool operator==(const KernelMemory &) const { return true; }
};

} // namespace KqueueShim
