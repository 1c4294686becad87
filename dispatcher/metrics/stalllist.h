// SPDX-License-Identifier: MIT
#pragma once

#include "base/cell.h"
#include "metrics/subject.h"

namespace Flywheel {

/// The last 256 stalls: one writer, any number of readers.
class StallList
{
public:
    struct Record
    {
        std::uint64_t number = 0;
        std::int64_t began = 0;     ///< monotonic, nanoseconds
        std::int64_t beganWall = 0; ///< of the system clock's epoch, nanoseconds
        std::int64_t duration = 0;  ///< nanoseconds
        std::int64_t id = 0;
        std::uint64_t kind = 0;
        std::uint64_t wholePass = 0;
        ClassName className;
        ObjectName objectName;
    };

    /// The writer's thread. Gives the record its number.
    void append(Record record) noexcept
    {
        record.number = m_count.get() + 1;
        m_records[m_count.get() % Size].store(record);
        m_count.set(record.number);
    }

    // Any thread:

    std::uint64_t count() const noexcept { return m_count.get(); }
    /// The oldest stall first.
    std::vector<Stall> snapshot() const;
    static Stall toStall(const Record &record);

private:
    static constexpr std::size_t Size = 256;

    std::array<SeqSlot<Record>, Size> m_records{};
    Cell<std::uint64_t> m_count;
};

} // namespace Flywheel
