// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "journal/layout.h"

#include <bit>
#include <span>

namespace Flywheel {

/// Writes the journal of one loop: the last handlers, and the one that runs. The loop's thread only.
class Journal
{
public:
    using Record = Journaling::Record;
    using Activity = Journaling::Activity;

    /// \a memory is zero, aligned to 64 bytes, at least bytesOf(1) long, and outlives this object. Its size
    /// decides how many records are kept: the largest power of two that fits.
    explicit Journal(std::span<std::byte> memory) noexcept;

    Journaling::Header &header() noexcept { return *m_header; }

    void append(const Record &record) noexcept
    {
        const std::uint64_t number = m_header->written.load(std::memory_order_relaxed);
        const auto words = std::bit_cast<std::array<std::uint64_t, 3>>(record);
        Journaling::RecordWords &place = m_records[number & m_mask];
        // Who reads one of these words has also seen the number of the record before (see SeqSlot).
        for (std::size_t i = 0; i < words.size(); ++i)
            place[i].store(words[i], std::memory_order_release);
        m_header->written.store(number + 1, std::memory_order_release);
    }
    std::uint64_t written() const noexcept { return m_header->written.load(std::memory_order_relaxed); }
    std::uint64_t capacity() const noexcept { return m_mask + 1; }

    /// Says what goes on from \a since on.
    void setActivity(Instant since, Activity activity) noexcept
    {
        m_header->activity.store(since.time_since_epoch().count() << 2 | static_cast<std::int64_t>(activity),
                                 std::memory_order_release);
    }
    /// Says whose handler runs. Call it before setActivity().
    void setRunning(std::uint32_t subject, std::uint32_t kind, std::int64_t id) noexcept
    {
        m_header->subject.store(std::uint64_t(kind) << 32 | subject, std::memory_order_release);
        m_header->id.store(id, std::memory_order_release);
    }
    /// \a offset: how much the system clock is ahead of the monotonic one. Readers take it for all records,
    /// so tell them now and then, and after the machine has slept.
    void setWallOffset(Nanoseconds offset) noexcept
    {
        m_header->wallOffset.store(offset.count(), std::memory_order_relaxed);
    }
    void setNames(std::uint32_t subject, const Journaling::Names &names) noexcept
    {
        m_names[subject].store(names);
    }

private:
    Journaling::Header *m_header;
    Journaling::NamesSlot *m_names;
    Journaling::RecordWords *m_records;
    std::uint64_t m_mask;
};

} // namespace Flywheel
