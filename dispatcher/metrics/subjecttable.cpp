// SPDX-License-Identifier: MIT
#include "metrics/subjecttable.h"

#include <algorithm>

namespace Flywheel {

namespace {

std::size_t hashOf(ReceiverTable::Index receiver, std::u16string_view name) noexcept
{
    std::uint32_t hash = 2166136261u + receiver;
    for (const char16_t unit : name.substr(0, ObjectName::MostUnits))
        hash = (hash ^ unit) * 16777619u;
    return hash ^ hash >> 15;
}

} // namespace

bool SubjectTable::holds(const Entry &entry, HandlerKind kind, const Subject &subject,
                         ReceiverTable::Handle receiver) noexcept
{
    return entry.isUsed && entry.kind == kind && entry.receiver == receiver &&
           entry.name.matches(subject.objectName);
}

SubjectTable::Index SubjectTable::begin(HandlerKind kind, const Subject &subject, ReceiverTable &receivers)
{
    const ReceiverTable::Handle receiver = receivers.handle(receivers.pin(subject.className, kind));
    const Index index = find(kind, subject, receiver);
    Entry &entry = m_entries[index];
    ++entry.running;
    if (holds(entry, kind, subject, receiver))
        return index;
    entry.isUsed = true;
    entry.kind = kind;
    entry.name.assign(subject.objectName);
    entry.receiver = receiver;
    ++entry.tenancy;
    m_journal.setNames(index, {receivers.className(receiver.index).text, entry.name.length, entry.name.text});
    return index;
}

SubjectTable::Index SubjectTable::firstOf(const Subject &subject, ReceiverTable::Handle receiver) const
{
    return FirstIndex + static_cast<Index>(hashOf(receiver.index, subject.objectName) % m_sets) * Ways;
}

/// The subject's own index, or one for it.
SubjectTable::Index SubjectTable::find(HandlerKind kind, const Subject &subject,
                                       ReceiverTable::Handle receiver)
{
    const Index first = firstOf(subject, receiver);
    Index index = first;
    while (index < first + Ways && !holds(m_entries[index], kind, subject, receiver))
        ++index;
    if (index == first + Ways) {
        index = makeRoom(first);
        // With more sets most subjects have another one: where they were, they stay for the records that
        // name them.
        while (!isFree(m_entries[index]) && m_sets < MostSets) {
            m_sets = std::min(m_sets * 2, MostSets);
            index = makeRoom(firstOf(subject, receiver));
        }
        if (!isFree(m_entries[index]))
            return transient();
    }
    m_shortcuts[placeOf(kind, subject)] = static_cast<std::uint16_t>(index);
    return index;
}

/// The index of a set that is free and was quiet longest; any if none is free.
SubjectTable::Index SubjectTable::makeRoom(Index first)
{
    Index best = first;
    for (Index index = first; index < first + Ways; ++index) {
        const bool isBetter =
            isFree(m_entries[index]) && m_entries[index].lastRecord < m_entries[best].lastRecord;
        if (!isFree(m_entries[best]) || isBetter)
            best = index;
    }
    return best;
}

SubjectTable::Index SubjectTable::transient()
{
    for (Index index = 1; index < FirstIndex; ++index) {
        if (m_entries[index].running == 0)
            return index;
    }
    return TransientCount; // deeper than that, levels share one
}

} // namespace Flywheel
