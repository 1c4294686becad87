// SPDX-License-Identifier: MIT
#include "pass/notifiertable.h"

#include <QtCore/qlogging.h>
#include <QtCore/qsocketnotifier.h>

#include <algorithm>
#include <iterator>

namespace Flywheel {

namespace {

constexpr std::array TypeNames{"Read", "Write", "Exception"};
constexpr std::array TypeInterests{Interest::Read, Interest::Write, Interest::Exception};
static_assert(QSocketNotifier::Read == 0 && QSocketNotifier::Write == 1 && QSocketNotifier::Exception == 2);

void warnAboutSecond(int fd, std::size_t type)
{
    qWarning("QSocketNotifier: Multiple socket notifiers for same socket %d and type %s", fd,
             TypeNames[type]);
}

} // namespace

void NotifierTable::insert(QSocketNotifier *notifier)
{
    const int fd = static_cast<int>(notifier->socket());
    const auto type = static_cast<std::size_t>(notifier->type());
    Entry &entry = m_entries[static_cast<std::size_t>(fd)];
    QSocketNotifier *&current = entry.notifiers[type];
    m_size += current == nullptr;
    const bool replaces = current && current != notifier;
    if (replaces) {
        // The number was probably closed and given to another file: dropped and wanted again, it is
        // registered anew, and what is pending came from the old file.
        current = nullptr;
        forgetEvents(entry, TypeInterests[type]);
        updateWanted(fd, entry);
    }
    current = notifier;
    updateWanted(fd, entry);
    if (replaces)
        warnAboutSecond(fd, type); // last: the program's message handler may run a loop
}

void NotifierTable::remove(QSocketNotifier *notifier)
{
    const int fd = static_cast<int>(notifier->socket());
    const auto type = static_cast<std::size_t>(notifier->type());
    Entry *entry = m_entries.find(static_cast<std::size_t>(fd));
    if (!entry || !entry->notifiers[type])
        return;
    if (entry->notifiers[type] != notifier) {
        warnAboutSecond(fd, type);
        return;
    }
    entry->notifiers[type] = nullptr;
    --m_size;
    forgetEvents(*entry, TypeInterests[type]);
    updateWanted(fd, *entry);
}

std::vector<QSocketNotifier *> NotifierTable::all()
{
    std::vector<QSocketNotifier *> all;
    m_entries.visitFrom(0, [&all](std::size_t, const Entry &entry) {
        std::copy_if(entry.notifiers.begin(), entry.notifiers.end(), std::back_inserter(all),
                     [](const QSocketNotifier *notifier) { return notifier != nullptr; });
        return true;
    });
    return all;
}

std::vector<QSocketNotifier *> NotifierTable::removeAll()
{
    std::vector<QSocketNotifier *> removed = all();
    for (QSocketNotifier *const notifier : removed)
        remove(notifier);
    return removed;
}

void NotifierTable::forgetEvents(Entry &entry, Interest interest)
{
    entry.pending &= ~interest;
    entry.closed &= ~interest;
}

void NotifierTable::updateWanted(int fd, const Entry &entry)
{
    Interest wanted = Interest::None;
    for (std::size_t type = 0; type < entry.notifiers.size(); ++type) {
        if (entry.notifiers[type])
            wanted |= TypeInterests[type];
    }
    m_interests.setWanted(fd, wanted);
}

void NotifierTable::markReady(std::span<const InterestSet::Ready> ready)
{
    for (const InterestSet::Ready &event : ready) {
        Entry *entry = m_entries.find(static_cast<std::size_t>(event.fd));
        if (!entry)
            continue;
        if (event.invalid)
            markClosed(event.fd, *entry);
        else
            markReady(event, *entry);
    }
    if (!m_closed.empty()) [[unlikely]]
        disableClosed();
    if (m_interests.hasTrouble()) [[unlikely]]
        m_interests.reportTrouble();
}

void NotifierTable::markReady(const InterestSet::Ready &event, Entry &entry)
{
    for (std::size_t type = 0; type < entry.notifiers.size(); ++type) {
        const Interest interest = TypeInterests[type];
        if (entry.notifiers[type] && any(event.ready & interest) && !any(entry.pending & interest)) {
            entry.pending |= interest;
            const bool closes = event.closedByPeer && interest == Interest::Read;
            m_pending.push_back({event.fd, static_cast<int>(type), closes});
        }
    }
}

void NotifierTable::markClosed(int fd, Entry &entry)
{
    for (std::size_t type = 0; type < entry.notifiers.size(); ++type) {
        if (entry.notifiers[type])
            entry.closed |= TypeInterests[type];
    }
    m_closed.push_back(fd);
}

/// Each warning may run a loop, which then disables the rest.
void NotifierTable::disableClosed()
{
    while (!m_closed.empty()) {
        const int fd = m_closed.back();
        if (const std::optional<std::size_t> type = nextClosed(fd))
            disable(fd, *type);
        else
            m_closed.pop_back();
    }
}

std::optional<std::size_t> NotifierTable::nextClosed(int fd)
{
    const Entry &entry = m_entries[static_cast<std::size_t>(fd)];
    for (std::size_t type = 0; type < TypeInterests.size(); ++type) {
        if (any(entry.closed & TypeInterests[type]))
            return type;
    }
    return std::nullopt;
}

void NotifierTable::disable(int fd, std::size_t type)
{
    m_entries[static_cast<std::size_t>(fd)].closed &= ~TypeInterests[type];
    // First: the message handler may delete it.
    m_entries[static_cast<std::size_t>(fd)].notifiers[type]->setEnabled(false);
    qWarning("QSocketNotifier: Invalid socket %d with type %s, disabling...", fd, TypeNames[type]);
}

NotifierTable::Delivery NotifierTable::takePending()
{
    while (m_nextPending < m_pending.size()) {
        const Pending pending = m_pending[m_nextPending++];
        Entry &entry = m_entries[static_cast<std::size_t>(pending.fd)];
        const auto type = static_cast<std::size_t>(pending.type);
        if (any(entry.pending & TypeInterests[type])) {
            entry.pending &= ~TypeInterests[type];
            return {entry.notifiers[type], pending.closedByPeer};
        }
    }
    m_pending.clear();
    m_nextPending = 0;
    return {nullptr, false};
}

} // namespace Flywheel
