// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace Flywheel {

/// Pages of memory that are zero, or null.
void *takeZeroPages(std::size_t bytes) noexcept;
/// Gives those back that are zero still: they take no memory until they are written to again.
void releaseZeroPages(void *pages, std::size_t bytes) noexcept;
void returnZeroPages(void *pages, std::size_t bytes) noexcept;

/// Owns pages of memory that begin as zeros.
class ZeroPages
{
public:
    ZeroPages() = default;
    /// False as a condition if there is no memory.
    explicit ZeroPages(std::size_t bytes) noexcept
        : m_pages(static_cast<std::byte *>(takeZeroPages(bytes)))
        , m_bytes(m_pages ? bytes : 0)
    {
    }
    ~ZeroPages() { reset(); }
    ZeroPages(ZeroPages &&other) noexcept
        : m_pages(std::exchange(other.m_pages, nullptr))
        , m_bytes(std::exchange(other.m_bytes, 0))
    {
    }
    ZeroPages &operator=(ZeroPages &&other) noexcept
    {
        std::swap(m_pages, other.m_pages);
        std::swap(m_bytes, other.m_bytes);
        return *this;
    }

    explicit operator bool() const noexcept { return m_pages != nullptr; }
    std::span<std::byte> span() const noexcept { return {m_pages, m_bytes}; }

private:
    void reset() noexcept
    {
        if (m_pages)
            returnZeroPages(m_pages, m_bytes);
    }

    std::byte *m_pages = nullptr;
    std::size_t m_bytes = 0;
};

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
