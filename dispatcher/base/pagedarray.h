// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace Flywheel {

/// An array indexed by small integers (descriptors) that grows by pages: an element never moves, a high index
/// costs one page and not everything below it. Elements that were never touched are value-initialised.
template <typename T, std::size_t PageSize = 128>
class PagedArray
{
public:
    /// The element, or null if its page was never touched.
    T *find(std::size_t index) noexcept
    {
        const std::size_t page = index / PageSize;
        return page < m_pages.size() && m_pages[page] ? &(*m_pages[page])[index % PageSize] : nullptr;
    }

    T &operator[](std::size_t index)
    {
        const std::size_t page = index / PageSize;
        if (page >= m_pages.size())
            m_pages.resize(page + 1);
        if (!m_pages[page])
            m_pages[page] = std::make_unique<Page>();
        return (*m_pages[page])[index % PageSize];
    }

    /// Calls \a visit(index, element) for the elements from \a start on, of pages that were touched, until it
    /// returns false. Where to go on next time; 0 after the last element.
    template <typename Visitor>
    std::size_t visitFrom(std::size_t start, Visitor visit)
    {
        std::size_t offset = start % PageSize;
        for (std::size_t page = start / PageSize; page < m_pages.size(); ++page, offset = 0) {
            for (; m_pages[page] && offset < PageSize; ++offset) {
                const std::size_t index = page * PageSize + offset;
                if (!visit(index, (*m_pages[page])[offset]))
                    return index + 1;
            }
        }
        return 0;
    }

private:
    using Page = std::array<T, PageSize>;
    std::vector<std::unique_ptr<Page>> m_pages;
};

} // namespace Flywheel
