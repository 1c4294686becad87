// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>

namespace Flywheel {

/// A number with one writer and any number of readers. Access costs the same as plain memory.
template <typename T>
class Cell
{
public:
    T get() const noexcept { return m_value.load(std::memory_order_relaxed); }

    // The writer's thread only:
    void set(T value) noexcept { m_value.store(value, std::memory_order_relaxed); }
    void add(T value) noexcept { set(static_cast<T>(get() + value)); }
    /// Stops at the largest value instead of overflowing. \a value must not be negative.
    void addSaturated(T value) noexcept
    {
        const T room = static_cast<T>(std::numeric_limits<T>::max() - get());
        add(value < room ? value : room);
    }
    void raise(T value) noexcept
    {
        if (value > get())
            set(value);
    }

private:
    std::atomic<T> m_value{};
};

/// A record with one writer and any number of readers. A reader gets one whole version or nothing. The writer
/// never waits.
///
/// A sequence lock of atomic words, without fences. A reader that reads a word of a newer version has also
/// seen the odd version number before it, because the word was stored with release. So it drops what it read.
template <typename T>
class SeqSlot
{
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(std::uint64_t) == 0);

public:
    /// The writer's thread. Stores only the first \a bytes; the rest may have any value.
    void store(const T &value, std::size_t bytes = sizeof(T)) noexcept
    {
        const auto *const from = reinterpret_cast<const unsigned char *>(&value);
        const std::uint64_t version = m_version.load(std::memory_order_relaxed);
        m_version.store(version + 1, std::memory_order_relaxed);
        for (std::size_t i = 0; i * sizeof(std::uint64_t) < bytes; ++i) {
            std::uint64_t word;
            std::memcpy(&word, from + i * sizeof word, sizeof word);
            m_words[i].store(word, std::memory_order_release);
        }
        m_version.store(version + 2, std::memory_order_release);
    }

    /// Any thread. Returns nothing if the record was never stored, or was overwritten during each of 16
    /// attempts.
    std::optional<T> load() const noexcept
    {
        for (int attempt = 0; attempt < 16; ++attempt) {
            const std::uint64_t version = m_version.load(std::memory_order_acquire);
            if (version == 0)
                return std::nullopt;
            Words words;
            for (std::size_t i = 0; i < words.size(); ++i)
                words[i] = m_words[i].load(std::memory_order_acquire);
            if (version % 2 == 0 && m_version.load(std::memory_order_relaxed) == version)
                return std::bit_cast<T>(words);
        }
        return std::nullopt;
    }

    /// Changes with each store.
    std::uint64_t version() const noexcept { return m_version.load(std::memory_order_acquire); }

private:
    using Words = std::array<std::uint64_t, sizeof(T) / sizeof(std::uint64_t)>;
    std::atomic<std::uint64_t> m_version{0};
    std::array<std::atomic<std::uint64_t>, sizeof(T) / sizeof(std::uint64_t)> m_words{};
};

} // namespace Flywheel
