// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journal.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace Flywheel::Test {

/// A journal in plain memory.
class MemoryJournal
{
public:
    explicit MemoryJournal(std::size_t records)
        : m_bytes(Journaling::bytesOf(records))
        , m_lines(m_bytes / sizeof(Line) + 1)
        , journal(bytes())
    {
    }

    std::span<std::byte> bytes() { return std::as_writable_bytes(std::span(m_lines)).first(m_bytes); }

private:
    struct alignas(64) Line
    {
        std::array<std::byte, 64> bytes{};
    };
    std::size_t m_bytes;
    std::vector<Line> m_lines;

public:
    Journal journal;
};

inline Journaling::Names namesOf(std::string_view className, std::u16string_view objectName = {})
{
    Journaling::Names names;
    className.copy(names.className.data(), names.className.size() - 1);
    names.objectNameLength = objectName.copy(names.objectName.data(), names.objectName.size());
    return names;
}

/// Record \a number of a journal whose records all differ and can be checked.
inline Journaling::Record numbered(std::uint64_t number)
{
    Journaling::Record record;
    record.end = static_cast<std::int64_t>(1'000'000 + number);
    record.duration = static_cast<float>(number % 1000);
    record.id = static_cast<std::int32_t>(number);
    record.lateness = static_cast<float>(number % 777);
    record.subject = static_cast<std::uint16_t>(number % Journaling::SubjectCapacity);
    record.kind = static_cast<std::uint8_t>(number % 2);
    record.depth = static_cast<std::uint8_t>(number % Journaling::MostDepth);
    return record;
}

} // namespace Flywheel::Test
