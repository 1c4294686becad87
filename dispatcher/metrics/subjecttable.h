// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journal.h"
#include "metrics/receivertable.h"

#include <array>

namespace Flywheel {

/// Those whose handlers the journal's records name: one for each class, object name and kind of handler. The
/// loop's thread only; the names themselves are in the journal, where others read them.
///
/// An index is given to another subject only if no record that is still kept, and no handler that runs, has
/// it. Where no index is free, records name nobody (Journaling::Others), and each level of handlers has an
/// index of its own for the time in which it runs.
class SubjectTable
{
public:
    using Index = std::uint32_t;
    static constexpr Index Unknown = ~Index(0);

    explicit SubjectTable(Journal &journal) : m_journal(journal) {}

    /// Finds the subject of a handler that begins, holds its index until end(), and pins its receiver.
    /// Returns Unknown, and does nothing, if the subject was not found lately.
    Index beginKnown(HandlerKind kind, const Subject &subject, ReceiverTable &receivers)
    {
        const Index index = m_shortcuts[placeOf(kind, subject)];
        Entry &entry = m_entries[index];
        // The address of a name is a hint only: it may have been reused for another class.
        const bool isIt = entry.kind == kind && entry.name.matches(subject.objectName) &&
                          receivers.className(entry.receiver.index).matches(subject.className);
        if (!isIt || index == Journaling::Others || !receivers.repin(entry.receiver)) [[unlikely]]
            return Unknown;
        ++entry.running;
        return index;
    }
    /// The same for all subjects. Others may lose their row in \a receivers.
    Index begin(HandlerKind kind, const Subject &subject, ReceiverTable &receivers);
    /// The same for a subject that was found before. Returns false if the index has another one now.
    bool beginAgain(Index index, std::uint32_t tenancy, ReceiverTable &receivers)
    {
        Entry &entry = m_entries[index];
        if (entry.tenancy != tenancy || !receivers.repin(entry.receiver))
            return false;
        ++entry.running;
        return true;
    }
    /// Returns what the next record is to name if it is about this subject's handler.
    Index forRecord(Index index)
    {
        m_entries[index].lastRecord = m_journal.written();
        return index < FirstIndex ? Journaling::Others : index;
    }
    void end(Index index) { --m_entries[index].running; }

    /// False if the index is the subject's only while its handler runs.
    static bool canBeRecorded(Index index) { return index >= FirstIndex; }
    /// Any index.
    ReceiverTable::Index receiver(Index index) const
    {
        return m_entries[index % Journaling::SubjectCapacity].receiver.index;
    }
    const ObjectName &objectName(Index index) const { return m_entries[index].name; }
    std::uint32_t tenancy(Index index) const { return m_entries[index].tenancy; }

private:
    static constexpr Index Ways = 4;
    static constexpr Index TransientCount = 7; ///< after Journaling::Others
    static constexpr Index FirstIndex = 1 + TransientCount;
    static constexpr Index MostSets = (Journaling::SubjectCapacity - FirstIndex) / Ways;
    static constexpr Index FewestSets = 4;
    static constexpr std::size_t ShortcutCount = 256;

    struct Entry
    {
        ObjectName name;
        std::uint64_t lastRecord = 0; ///< the records before this one may have the index
        ReceiverTable::Handle receiver{};
        std::uint32_t tenancy = 0;
        std::uint32_t running = 0;
        HandlerKind kind = HandlerKind::Timer;
        bool isUsed = false;
    };

    static std::size_t placeOf(HandlerKind kind, const Subject &subject) noexcept
    {
        std::size_t key = reinterpret_cast<std::size_t>(subject.className) + static_cast<std::size_t>(kind);
        if (!subject.objectName.empty())
            key += subject.objectName.back() + 31 * subject.objectName.size();
        return (key * 0x9E3779B97F4A7C15u >> 32) % ShortcutCount;
    }
    static bool holds(const Entry &entry, HandlerKind kind, const Subject &subject,
                      ReceiverTable::Handle receiver) noexcept;
    Index find(HandlerKind kind, const Subject &subject, ReceiverTable::Handle receiver);
    Index firstOf(const Subject &subject, ReceiverTable::Handle receiver) const;
    Index makeRoom(Index first);
    Index transient();
    bool isFree(const Entry &entry) const
    {
        return entry.running == 0 &&
               (!entry.isUsed || entry.lastRecord + m_journal.capacity() < m_journal.written());
    }

    Journal &m_journal;
    Index m_sets = FewestSets; ///< in use: a loop with few subjects touches little memory
    std::array<std::uint16_t, ShortcutCount> m_shortcuts{}; ///< hints, by address of the class's name
    std::array<Entry, Journaling::SubjectCapacity> m_entries{};
};

} // namespace Flywheel
