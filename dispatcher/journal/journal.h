// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "journal/layout.h"

#include <bit>
#include <optional>
#include <span>

namespace Flywheel {

/// Writes the journal of one loop: the last handlers, and the one that runs. The loop's thread only, where
/// nothing else is said.
class Journal
{
public:
    using Record = Journaling::Record;
    using Activity = Journaling::Activity;

    /// \a memory is zero, aligned to 64 bytes, at least bytesOf(FewestRecords) long, and outlives this
    /// object. Its size decides how many records are kept: the largest power of two that fits.
    explicit Journal(std::span<std::byte> memory) noexcept;

    Journaling::Header &header() noexcept { return *m_header; }

    void append(const Record &record) noexcept
    {
        const std::uint64_t number = written();
        Journaling::RecordWords &place = m_records[number & m_mask];
        // Who reads one of these words has also seen the number of the record before (see SeqSlot).
        place[0].store(static_cast<std::uint64_t>(record.end), std::memory_order_release);
        place[1].store(Journaling::secondWord(record), std::memory_order_release);
        place[2].store(Journaling::thirdWord(record), std::memory_order_release);
        m_written.store(number + 1, std::memory_order_release);
        m_header->written.store(number + 1, std::memory_order_release);
    }
    std::uint64_t written() const noexcept { return m_written.load(std::memory_order_relaxed); }
    std::uint64_t capacity() const noexcept { return m_mask + 1; }

    /// Says what goes on from \a since on.
    void setActivity(Instant since, Activity activity) noexcept
    {
        m_header->activity.store(since.time_since_epoch().count() << 2 | static_cast<std::int64_t>(activity),
                                 std::memory_order_release);
    }
    /// Says whose handler runs. Call setActivity() next: until then nothing goes on, so that nobody takes one
    /// handler's names for the other's.
    void setRunning(std::uint32_t subject, std::uint32_t kind, std::int64_t id) noexcept
    {
        m_header->activity.store(static_cast<std::int64_t>(Activity::None), std::memory_order_relaxed);
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

    /// Record number \a number of the last capacity() ones.
    Record record(std::uint64_t number) const noexcept
    {
        const Journaling::RecordWords &place = m_records[number & m_mask];
        return Journaling::recordOf(place[0].load(std::memory_order_relaxed),
                                    place[1].load(std::memory_order_relaxed),
                                    place[2].load(std::memory_order_relaxed));
    }

    // Any thread:

    /// written(), for other threads. The records before are visible.
    std::uint64_t writtenByLoop() const noexcept { return m_written.load(std::memory_order_acquire); }

    /// Since when << 2 | Activity.
    std::int64_t activity() const noexcept { return m_header->activity.load(std::memory_order_acquire); }
    struct Running
    {
        std::uint32_t subject;
        std::uint32_t kind;
        std::int64_t id;
    };
    /// The handler that setRunning() told of. If activity() has not changed meanwhile, it is the one that
    /// runs.
    Running running() const noexcept
    {
        const std::uint64_t subject = m_header->subject.load(std::memory_order_acquire);
        const std::int64_t id = m_header->id.load(std::memory_order_acquire);
        return {static_cast<std::uint32_t>(subject), static_cast<std::uint32_t>(subject >> 32), id};
    }
    std::optional<Journaling::Names> names(std::uint32_t subject) const noexcept
    {
        // It may come from a file that somebody has changed.
        return subject < Journaling::SubjectCapacity ? m_names[subject].load() : std::nullopt;
    }

private:
    Journaling::Header *m_header;
    Journaling::NamesSlot *m_names;
    Journaling::RecordWords *m_records;
    std::uint64_t m_mask;
    std::atomic<std::uint64_t> m_written{0}; ///< not the header's, which others could change
};

} // namespace Flywheel
