// SPDX-License-Identifier: MIT
#include "journal/journal.h"

#include <new>

namespace Flywheel {

using namespace Journaling;

Journal::Journal(std::span<std::byte> memory) noexcept
{
    std::byte *const begin = memory.data();
    m_header = new (begin) Header{};
    m_names = reinterpret_cast<NamesSlot *>(begin + sizeof(Header));
    m_records = reinterpret_cast<RecordWords *>(begin + bytesOf(0));
    const std::size_t room = (memory.size() - bytesOf(0)) / sizeof(RecordWords);
    m_mask = std::bit_floor(room) - 1;
    m_header->headerBytes = sizeof(Header);
    m_header->namesBytes = sizeof(NamesSlot);
    m_header->subjectCapacity = SubjectCapacity;
    m_header->recordBytes = sizeof(RecordWords);
    m_header->recordCapacity = capacity();
    Names others;
    constexpr char text[] = "(others)";
    std::copy(std::begin(text), std::end(text), others.className.begin());
    setNames(Others, others);
    m_header->magic = Magic; // last: from here on a reader can use it
}

} // namespace Flywheel
