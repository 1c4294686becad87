// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace Flywheel {

/// Pages of memory that are zero, or null.
void *takeZeroPages(std::size_t bytes) noexcept;
/// Gives those back that are zero still: they take no memory until they are written to again.
void releaseZeroPages(void *pages, std::size_t bytes) noexcept;
void returnZeroPages(void *pages, std::size_t bytes) noexcept;

struct ReturnToZeroPages
{
    template <typename T>
    void operator()(T *object) const noexcept
    {
        object->~T();
        returnZeroPages(object, sizeof(T));
    }
};

template <typename T>
using ZeroPagesPtr = std::unique_ptr<T, ReturnToZeroPages>;

/// Makes a large object that is zero for the most part, and takes only the memory of what is not. Null if
/// there is no memory, for it or for what its constructor makes.
template <typename T, typename... Arguments>
ZeroPagesPtr<T> makeInZeroPages(Arguments &&...arguments) noexcept
{
    void *const pages = takeZeroPages(sizeof(T));
    if (!pages)
        return nullptr;
    try {
        ZeroPagesPtr<T> object(new (pages) T(std::forward<Arguments>(arguments)...));
        releaseZeroPages(pages, sizeof(T));
        return object;
    } catch (const std::bad_alloc &) {
        returnZeroPages(pages, sizeof(T));
        return nullptr;
    }
}

} // namespace Flywheel
