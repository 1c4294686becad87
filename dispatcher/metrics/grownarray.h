// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <type_traits>

namespace Flywheel {

/// A large array with one writer and any number of readers. It takes memory page by page when a page is first
/// written, because an idle loop needs little of what a busy one needs.
template <typename T, std::size_t Size, std::size_t PageSize>
class GrownArray
{
    static_assert(std::is_trivially_destructible_v<T>);

public:
    GrownArray() = default;
    ~GrownArray()
    {
        for (const std::atomic<Page *> &page : m_pages)
            std::free(page.load(std::memory_order_relaxed));
    }
    GrownArray(const GrownArray &) = delete;
    GrownArray &operator=(const GrownArray &) = delete;

    /// The writer's thread. Returns null if there is no memory; the next call tries again.
    T *touch(std::size_t index) noexcept
    {
        Page *page = m_pages[index / PageSize].load(std::memory_order_relaxed);
        if (!page) [[unlikely]]
            page = addPage(index / PageSize);
        return page ? &(*page)[index % PageSize] : nullptr;
    }

    /// Any thread. Returns null if the element was never written.
    const T *find(std::size_t index) const noexcept
    {
        const Page *const page = m_pages[index / PageSize].load(std::memory_order_acquire);
        return page ? &(*page)[index % PageSize] : nullptr;
    }

private:
    using Page = std::array<T, PageSize>;

    Page *addPage(std::size_t number) noexcept
    {
        // Not by new: a program may count or forbid operator new in its handlers.
        void *const memory = std::calloc(1, sizeof(Page));
        auto *const page = memory ? new (memory) Page{} : nullptr;
        m_pages[number].store(page, std::memory_order_release);
        return page;
    }

    std::array<std::atomic<Page *>, (Size + PageSize - 1) / PageSize> m_pages{};
};

} // namespace Flywheel
