// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace Flywheel::Monitor {

/// The last values that were added, the oldest first. Grows up to its capacity; then each new value replaces
/// the oldest one.
template <typename T>
class Ring
{
public:
    explicit Ring(std::size_t capacity) : m_capacity(capacity) {}

    std::size_t size() const { return m_values.size(); }
    std::size_t capacity() const { return m_capacity; }
    bool isEmpty() const { return m_values.empty(); }
    bool isFull() const { return m_values.size() == m_capacity; }
    const T &operator[](std::size_t index) const { return m_values[place(index)]; }
    T &operator[](std::size_t index) { return m_values[place(index)]; }
    const T &front() const { return (*this)[0]; }
    const T &back() const { return (*this)[size() - 1]; }

    void add(T value)
    {
        if (!isFull()) {
            m_values.push_back(std::move(value));
            return;
        }
        m_values[m_first] = std::move(value);
        m_first = (m_first + 1) % m_capacity;
    }
    void clear()
    {
        m_values.clear();
        m_first = 0;
    }

private:
    std::size_t place(std::size_t index) const { return (m_first + index) % m_values.size(); }

    std::vector<T> m_values;
    const std::size_t m_capacity;
    std::size_t m_first = 0; ///< the oldest, once full
};

} // namespace Flywheel::Monitor
