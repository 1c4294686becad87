// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace Flywheel {

/// Index and generation of a slot: stays safe to hold while callbacks release and reuse slots.
struct SlotHandle
{
    std::uint32_t index;
    std::uint32_t generation;
};

/// Slots for many small objects, in blocks: an index never moves, released slots are reused (last in, first
/// out), and nothing is allocated once the pool has reached its size. A slot is value-initialised when it is
/// acquired for the first time, so that a pool of few touches little memory. T must be trivially
/// destructible, or emptied before release(), and have two public members: `std::uint32_t generation`, which
/// the pool alone changes, and `std::uint32_t link`, which is the owner's while the slot is acquired and
/// threads the free list otherwise.
template <typename T, std::uint32_t BlockSize = 256>
class SlotPool
{
public:
    static constexpr std::uint32_t None = UINT32_MAX;

    SlotPool() = default;
    SlotPool(const SlotPool &) = delete;
    ~SlotPool()
    {
        if constexpr (!std::is_trivially_destructible_v<T>) {
            for (std::uint32_t index = 0; index < m_made; ++index)
                (*this)[index].~T();
        }
    }

    std::uint32_t acquire()
    {
        if (m_firstFree == None)
            return make();
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

    /// \a index must have been acquired once.
    T &operator[](std::uint32_t index) noexcept
    {
        return *std::launder(reinterpret_cast<T *>(m_blocks[index / BlockSize]->at(index % BlockSize)));
    }
    const T &operator[](std::uint32_t index) const noexcept
    {
        return *std::launder(reinterpret_cast<const T *>(m_blocks[index / BlockSize]->at(index % BlockSize)));
    }

    std::uint32_t capacity() const noexcept
    {
        return static_cast<std::uint32_t>(m_blocks.size()) * BlockSize;
    }
    SlotHandle handle(std::uint32_t index) const noexcept { return {index, (*this)[index].generation}; }
    bool isCurrent(SlotHandle handle) const noexcept
    {
        return handle.index < m_made && (*this)[handle.index].generation == handle.generation;
    }

private:
    struct Block
    {
        std::byte *at(std::size_t index) { return &bytes[index * sizeof(T)]; }
        alignas(T) std::byte bytes[BlockSize * sizeof(T)];
    };

    std::uint32_t make()
    {
        const std::uint32_t index = m_made;
        if (index == capacity())
            m_blocks.push_back(std::unique_ptr<Block>(new Block)); // without zeros
        new (m_blocks[index / BlockSize]->at(index % BlockSize)) T();
        ++m_made;
        return index;
    }

    std::vector<std::unique_ptr<Block>> m_blocks;
    std::uint32_t m_made = 0; ///< slots that were acquired once
    std::uint32_t m_firstFree = None;
};

} // namespace Flywheel
