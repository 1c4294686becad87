// SPDX-License-Identifier: MIT
#pragma once

#include "base/cell.h"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

/// The memory of a journal, which may be a file that outlives its process: a header, the names of those whose
/// handlers were recorded, and a ring of records. One thread writes, any process may read meanwhile. All
/// numbers are in the byte order of the machine; times are nanoseconds of CLOCK_MONOTONIC.
namespace Flywheel::Journaling {

inline constexpr std::uint64_t Magic = 0x31304C4A574C46; // "FLWJL01"
inline constexpr std::uint32_t SubjectCapacity = 512;
/// A smaller journal is not made.
inline constexpr std::size_t FewestRecords = 1024;
/// Stands for all whose names found no room.
inline constexpr std::uint32_t Others = 0;

/// What a loop is at.
enum class Activity : std::int64_t { None, Pass, Handler };

/// One handler that has ended.
struct Record
{
    std::int64_t end = 0;
    float duration = 0;  ///< nanoseconds from its start, loops inside it included
    std::int32_t id = 0; ///< as Stall::id
    float lateness = 0;  ///< of a timer, nanoseconds
    std::uint16_t subject = Others;
    std::uint8_t kind = 0;  ///< HandlerKind, at most 7
    std::uint8_t depth = 0; ///< loops on the stack: 1 in a plain exec(); MostDepth: or more
    std::uint8_t timer = 0; ///< for the writer
};
inline constexpr std::uint8_t MostDepth = 31;
using RecordWords = std::array<std::atomic<std::uint64_t>, 3>;

/// A record's first word is its end; these are the others, the first-named in the lowest bits.
inline std::uint64_t secondWord(const Record &record) noexcept
{
    return std::bit_cast<std::uint32_t>(record.duration) |
           std::uint64_t(static_cast<std::uint32_t>(record.id)) << 32;
}
inline std::uint64_t thirdWord(const Record &record) noexcept
{
    return std::bit_cast<std::uint32_t>(record.lateness) | std::uint64_t(record.subject) << 32 |
           std::uint64_t(record.kind) << 48 | std::uint64_t(record.depth) << 51 |
           std::uint64_t(record.timer) << 56;
}
inline Record recordOf(std::uint64_t first, std::uint64_t second, std::uint64_t third) noexcept
{
    Record record;
    record.end = static_cast<std::int64_t>(first);
    record.duration = std::bit_cast<float>(static_cast<std::uint32_t>(second));
    record.id = static_cast<std::int32_t>(second >> 32);
    record.lateness = std::bit_cast<float>(static_cast<std::uint32_t>(third));
    record.subject = static_cast<std::uint16_t>(third >> 32);
    record.kind = static_cast<std::uint8_t>(third >> 48 & 7);
    record.depth = static_cast<std::uint8_t>(third >> 51 & MostDepth);
    record.timer = static_cast<std::uint8_t>(third >> 56);
    return record;
}

/// Who was called: names as they were before the handler ran.
struct Names
{
    std::array<char, 64> className{};      ///< UTF-8, ends with 0
    std::uint64_t objectNameLength = 0;    ///< in UTF-16 units
    std::array<char16_t, 32> objectName{}; ///< not ended by 0
};

struct Header
{
    std::uint64_t magic;
    std::uint32_t headerBytes;
    std::uint32_t namesBytes; ///< of one SeqSlot<Names>
    std::uint32_t subjectCapacity;
    std::uint32_t recordBytes;
    std::uint64_t recordCapacity; ///< a power of two
    std::uint64_t processId;
    std::uint64_t threadId;
    std::uint64_t loopId;
    std::int64_t
        processMade;   ///< monotonic: when its process made its first journal; with processId, that process
    std::int64_t made; ///< monotonic
    std::array<char, 64> program; ///< UTF-8, like the next; ends with 0 unless it is that long
    std::array<char, 64> thread;
    // What changes:
    alignas(64) std::atomic<std::uint64_t> written; ///< records so far; record n is at n % recordCapacity
    std::atomic<std::int64_t> activity;             ///< since when << 2 | Activity
    std::atomic<std::uint64_t> subject;             ///< of the handler that runs: index | HandlerKind << 32
    std::atomic<std::int64_t> id;                   ///< of the handler that runs
    /// The system clock (nanoseconds of its epoch) is so much ahead of the monotonic one.
    std::atomic<std::int64_t> wallOffset;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

using NamesSlot = SeqSlot<Names>;

constexpr std::size_t bytesOf(std::size_t records)
{
    return sizeof(Header) + SubjectCapacity * sizeof(NamesSlot) + records * sizeof(RecordWords);
}

} // namespace Flywheel::Journaling
