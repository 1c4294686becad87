// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/slotpool.h"
#include "timers/deadlineheap.h"
#include "timers/nesting.h"
#include "timers/slottable.h"

#include <QtCore/qnamespace.h>

#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QObject;
QT_END_NAMESPACE

namespace Flywheel {

/// The timers of one loop: which one is due next, and which ones are due now. It does no I/O, reads no clock
/// and is not thread-safe. It only compares the pointers of objects.
///
/// Start, stop and fire cost O(log n). A lookup by id costs O(1), and the timers of an object are found
/// without a scan. Nothing is allocated once the queue has reached its size.
///
/// A timer that is being delivered is out of the queue until finish(). So it cannot fire inside its own
/// handler, and nextDeadline() ignores it. Between takeDue() and finish(), all functions may be called, also
/// for nested deliveries. Deliveries may end in any order, because a handler that switches stacks (a
/// coroutine) may go on after others have begun.
class TimerQueue
{
public:
    struct Info
    {
        int id;
        Nanoseconds interval;
        Qt::TimerType type;
    };

    /// The timers that are due when a pass begins to deliver. Timers that start later wait for the next pass.
    struct Batch
    {
        Instant now;
        std::uint32_t before;
    };

    struct Due
    {
        SlotHandle handle;
        int id;
        QObject *object;
        Nanoseconds
            interval; ///< the interval that led to the deadline, so the clamped one of a clamped timer
        Instant deadline;
        Qt::TimerType type;
        NestingLevel level; ///< of the handler
    };

    TimerQueue();
    TimerQueue(const TimerQueue &) = delete;

    /// Starts a timer at \a now and replaces the one that has the id. \a interval must not be negative, \a
    /// object may be null. \a level is that of the handler that starts the timer, if nested timers are
    /// clamped (nesting.h).
    void insert(int id, Nanoseconds interval, Qt::TimerType type, QObject *object, Instant now,
                NestingLevel level = NestingLevel::Unclamped);
    /// Returns false if the id is unknown.
    bool remove(int id);
    void removeAll(const QObject *object);

    std::size_t size() const { return m_byId.size(); }
    bool isEmpty() const { return m_byId.size() == 0; }
    /// Returns when the next timer that is not being delivered is due, or Never.
    Instant nextDeadline() const { return m_heap.isEmpty() ? Never : m_heap.top().deadline; }
    /// Returns when to wake up for that timer: at its deadline, or a little later if several more are due by
    /// then. A wake-up for each of thousands of timers costs more than their handlers
    /// (docs/decisions/0004-crowded-timers.md).
    Instant nextWakeUp() const;
    /// True if a timer runs whose interval is so short that a wait which ends up to a millisecond late spoils
    /// its rate: a precise one of less than 20 ms.
    bool hasFineTimers() const { return m_fineTimers > 0; }
    /// Returns when that timer is due next, also while it is being delivered, or nothing if the id is
    /// unknown.
    std::optional<Instant> deadlineOf(int id) const;
    /// Returns the timers of an object, the one that is due next first.
    std::vector<Info> timersOf(const QObject *object) const;

    Batch beginBatch(Instant now);
    /// Takes the next timer of the batch out of the queue. The caller runs its handler and then calls
    /// finish().
    std::optional<Due> takeDue(const Batch &batch);
    /// Puts the timer back. Returns false if it was removed meanwhile.
    bool finish(const Due &due);

private:
    struct Slot
    {
        QObject *object;
        Nanoseconds interval;
        int id;
        std::uint32_t generation : 26;
        Qt::TimerType type : 2;
        NestingLevel level : 4; ///< of its next handler
        std::uint32_t link;     ///< next timer of the object
        std::uint32_t previous; ///< previous timer of the object
        std::int32_t rounding;  ///< nanoseconds from the exact deadline to the rounded one; 5 % of 20 s fit
    };
    using Slots = SlotPool<Slot>;

    struct IdOf
    {
        const Slots *slots;
        int key(std::uint32_t slot) const { return (*slots)[slot].id; }
        static std::uint64_t number(int id) { return static_cast<std::uint32_t>(id); }
    };
    struct ObjectOf
    {
        const Slots *slots;
        const QObject *key(std::uint32_t slot) const { return (*slots)[slot].object; }
        static std::uint64_t number(const QObject *object)
        {
            return reinterpret_cast<std::uintptr_t>(object);
        }
    };
    static constexpr std::uint32_t None = Slots::None;
    /// How late a crowd of timers may be. Qt's dispatchers round up to a millisecond even for a single timer.
    static constexpr Nanoseconds CrowdDelay = std::chrono::microseconds(750);

    /// Under that a coarse timer counts as precise, as in Qt.
    static constexpr Nanoseconds FineInterval = std::chrono::milliseconds(20);

    void linkToObject(std::uint32_t slot);
    void unlinkFromObject(std::uint32_t slot);
    void discard(std::uint32_t slot);
    std::uint32_t acquireSlot();
    Instant advance(Slot &slot, Nanoseconds interval, Instant deadline, Instant now);
    static bool isFast(const Slot &slot);
    static bool isFine(const Slot &slot);
    const DeadlineEntry &entryOf(std::uint32_t slot) const;

    Slots m_slots;
    SlotTable<int, IdOf> m_byId;
    SlotTable<const QObject *, ObjectOf> m_byObject; ///< the first timer of each object
    DeadlineHeap m_heap;
    std::vector<DeadlineEntry> m_active; ///< being delivered
    std::size_t m_fastTimers = 0;        ///< whose interval is so short that a delay would matter
    std::size_t m_fineTimers = 0;        ///< see hasFineTimers()
    /// Of the next start. Begins near its wrap, so that each test meets it.
    std::uint32_t m_order = UINT32_MAX - 999;
};

} // namespace Flywheel
