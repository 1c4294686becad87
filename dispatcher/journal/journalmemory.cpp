// SPDX-License-Identifier: MIT
#include "journal/journalmemory.h"

#include "platform/zeropages.h"

#include <algorithm>
#include <bit>

namespace Flywheel {

JournalMemory::~JournalMemory()
{
    removeFile();
    if (!m_bytes.empty())
        returnZeroPages(m_bytes.data(), m_bytes.size());
}

JournalMemory JournalMemory::make(std::uint64_t loopId, std::size_t records)
{
    JournalMemory result = makePlain(records);
    if (records > 0)
        result.makeFile(loopId);
    return result;
}

JournalMemory JournalMemory::makePlain(std::size_t records)
{
    JournalMemory result;
    const std::size_t bytes =
        Journaling::bytesOf(std::bit_ceil(std::clamp(records, Journaling::FewestRecords, MostRecords)));
    if (void *const pages = takeZeroPages(bytes))
        result.m_bytes = {static_cast<std::byte *>(pages), bytes};
    return result;
}

} // namespace Flywheel
