// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace Flywheel {

/// Index and generation of a slot: stays safe to hold while callbacks release and reuse slots.
struct SlotHandle
{
    std::uint32_t index;
    std::uint32_t generation;
};

/// Slots for many small objects, in blocks: an index never moves, released slots are reused (last in, first
/// out), and nothing is allocated once the pool has reached its size. T must be trivially destructible, or
/// emptied before release(), and have two public members: `std::uint32_t generation`, which the pool alone
/// changes, and `std::uint32_t link`, which is the owner's while the slot is acquired and threads the free
/// list otherwise.
template <typename T, std::uint32_t BlockSize = 256>
class SlotPool
{
public:
    static constexpr std::uint32_t None = UINT32_MAX;

    std::uint32_t acquire()
    {
        if (m_firstFree == None)
            grow();
        const std::uint32_t index = m_firstFree;
        m_firstFree = (*this)[index].link;
        return index;
    }

    void release(std::uint32_t index) noexcept
    {
        T &slot = (*this)[index];
        ++slot.generation;
        slot.link = m_firstFree;
        m_firstFree = index;
    }

    T &operator[](std::uint32_t index) noexcept { return (*m_blocks[index / BlockSize])[index % BlockSize]; }
    const T &operator[](std::uint32_t index) const noexcept
    {
        return (*m_blocks[index / BlockSize])[index % BlockSize];
    }

    std::uint32_t capacity() const noexcept
    {
        return static_cast<std::uint32_t>(m_blocks.size()) * BlockSize;
    }
    SlotHandle handle(std::uint32_t index) const noexcept { return {index, (*this)[index].generation}; }
    bool isCurrent(SlotHandle handle) const noexcept
    {
        return (*this)[handle.index].generation == handle.generation;
    }

private:
    using Block = std::array<T, BlockSize>;

    void grow()
    {
        const auto first = static_cast<std::uint32_t>(m_blocks.size()) * BlockSize;
        m_blocks.push_back(std::make_unique<Block>());
        for (std::uint32_t i = BlockSize; i-- > 0;) {
            (*this)[first + i].link = m_firstFree;
            m_firstFree = first + i;
        }
    }

    std::vector<std::unique_ptr<Block>> m_blocks;
    std::uint32_t m_firstFree = None;
};

} // namespace Flywheel
