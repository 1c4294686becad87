// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <vector>

namespace Flywheel {

/// An array indexed by small integers (descriptors) that grows by pages: an element never moves, a high index
/// costs one page and not everything below it. Elements that were never touched are value-initialised.
///
/// The list of pages is dense for the numbers that descriptors usually have. Beyond, where only nonsense and
/// unusual limits lead, pages are kept in a map: a number near INT_MAX costs no more than a small one.
template <typename T, std::size_t PageSize = 128, std::size_t NearPages = 4096>
class PagedArray
{
public:
    /// The element, or null if its page was never touched.
    T *find(std::size_t index) noexcept
    {
        const std::size_t page = index / PageSize;
        if (page >= NearPages) [[unlikely]]
            return findFar(index);
        return page < m_near.size() && m_near[page] ? &(*m_near[page])[index % PageSize] : nullptr;
    }

    T &operator[](std::size_t index)
    {
        const std::size_t page = index / PageSize;
        if (page < NearPages && page >= m_near.size())
            m_near.resize(page + 1);
        std::unique_ptr<Page> &place = page < NearPages ? m_near[page] : m_far[page];
        if (!place)
            place = std::make_unique<Page>();
        return (*place)[index % PageSize];
    }

    /// Calls \a visit(index, element) for the elements from \a start on, of pages that were touched, until it
    /// returns false. Where to go on next time; 0 after the last element.
    template <typename Visitor>
    std::size_t visitFrom(std::size_t start, Visitor visit)
    {
        for (std::size_t page = start / PageSize; page < m_near.size(); ++page) {
            if (m_near[page] && !visitPage(page, *m_near[page], start, visit))
                return start;
        }
        for (auto far = m_far.lower_bound(start / PageSize); far != m_far.end(); ++far) {
            if (!visitPage(far->first, *far->second, start, visit))
                return start;
        }
        return 0;
    }

private:
    using Page = std::array<T, PageSize>;

    T *findFar(std::size_t index) noexcept
    {
        const auto far = m_far.find(index / PageSize);
        return far == m_far.end() ? nullptr : &(*far->second)[index % PageSize];
    }

    /// False if \a visit wants no more; \a start is where to go on then.
    template <typename Visitor>
    static bool visitPage(std::size_t page, Page &elements, std::size_t &start, Visitor &visit)
    {
        const std::size_t first = page * PageSize;
        for (std::size_t index = std::max(start, first); index < first + PageSize; ++index) {
            if (!visit(index, elements[index - first])) {
                start = index + 1;
                return false;
            }
        }
        return true;
    }

    std::vector<std::unique_ptr<Page>> m_near;
    std::map<std::size_t, std::unique_ptr<Page>> m_far;
};

} // namespace Flywheel
