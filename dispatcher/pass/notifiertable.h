// SPDX-License-Identifier: MIT
#pragma once

#include "base/pagedarray.h"
#include "poller/interestset.h"

#include <QtCore/qglobal.h>

#include <array>
#include <optional>
#include <span>
#include <vector>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace Flywheel {

/// The socket notifiers of one loop: which belongs to which descriptor, and which are ready but not delivered
/// yet.
///
/// Readiness is collected first (markReady), then delivered one by one (takePending), and each notifier is
/// looked up again just before: its slot may disable, delete or create any of them and may run a nested loop,
/// which delivers the rest.
class NotifierTable
{
public:
    explicit NotifierTable(InterestSet &interests) : m_interests(interests) {}

    /// Two notifiers for one type of one descriptor: a warning, the last one wins, as in Qt.
    void insert(QSocketNotifier *notifier);
    /// Unknown notifiers are ignored, one that was replaced gets a warning.
    void remove(QSocketNotifier *notifier);

    /// All of them. They are not used: one that another thread has deleted may be among them.
    std::vector<QSocketNotifier *> all();
    /// Lets go of all notifiers and returns them.
    std::vector<QSocketNotifier *> removeAll();

    /// How many there are.
    std::size_t size() const { return m_size; }

    /// Notes whom to notify. Notifiers of closed descriptors are disabled with Qt's warning; the program's
    /// message handler may run a loop, so \a ready is not valid afterwards.
    void markReady(std::span<const InterestSet::Ready> ready);
    bool hasPending() const { return m_nextPending < m_pending.size(); }
    struct Delivery
    {
        QSocketNotifier *notifier; ///< null: there is no more
        bool closedByPeer;         ///< QEvent::SockClose instead of QEvent::SockAct
    };
    /// The next notifier to notify.
    Delivery takePending();

private:
    struct Entry
    {
        std::array<QSocketNotifier *, 3> notifiers{}; ///< by QSocketNotifier::Type
        Interest pending = Interest::None;
        Interest closed = Interest::None; ///< notifiers to disable: their descriptor is closed
    };
    struct Pending
    {
        int fd;
        int type;
        bool closedByPeer;
    };

    void markReady(const InterestSet::Ready &event, Entry &entry);
    void markClosed(int fd, Entry &entry);
    void disableClosed();
    std::optional<std::size_t> nextClosed(int fd);
    void disable(int fd, std::size_t type);
    static void forgetEvents(Entry &entry, Interest interest);
    void updateWanted(int fd, const Entry &entry);

    InterestSet &m_interests;
    PagedArray<Entry> m_entries; ///< by descriptor
    std::vector<Pending> m_pending;
    std::size_t m_nextPending = 0;
    std::vector<int> m_closed; ///< descriptors with notifiers to disable
    std::size_t m_size = 0;
};

} // namespace Flywheel
