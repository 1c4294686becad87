// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace Flywheel {

/// A stack whose levels are kept and reused, so that a level that was reached once costs no memory again.
template <typename Level>
class LevelStack
{
public:
    explicit LevelStack(std::size_t usual) : m_levels(usual) {}

    bool isEmpty() const { return m_size == 0; }
    std::size_t size() const { return m_size; }
    /// The level at the bottom is 0.
    Level &at(std::size_t index) { return m_levels[index]; }
    const Level &at(std::size_t index) const { return m_levels[index]; }
    Level &top() { return *m_top; }
    const Level &top() const { return *m_top; }

    /// The new level has any value.
    Level &push()
    {
        if (m_size == m_levels.size()) [[unlikely]]
            m_levels.emplace_back();
        m_top = m_levels.data() + m_size++;
        return *m_top;
    }
    void pop()
    {
        if (--m_size > 0)
            --m_top;
    }
    void clear() { m_size = 0; }

private:
    std::vector<Level> m_levels;
    std::size_t m_size = 0;
    Level *m_top = nullptr;
};

} // namespace Flywheel
