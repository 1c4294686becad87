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

/// The timers of one loop: which is due next, which are due now. No I/O, no clock, no thread safety; objects
/// are only compared, never used.
///
/// Start, stop and fire cost O(log n), lookup by id O(1), the timers of an object are found without a scan.
/// Nothing is allocated once warm. A timer that is being delivered is out of the queue until finish(): it
/// can't fire inside its own handler and does not count for nextDeadline(). Anything may be called between
/// takeDue() and finish(), nested deliveries included. Deliveries may end in any order: a handler that
/// switches stacks (a coroutine) goes on when others have begun.
class TimerQueue
{
public:
    struct Info
    {
        int id;
        Nanoseconds interval;
        Qt::TimerType type;
    };

    /// The timers that are due when a pass begins to deliver; those started later wait for the next pass.
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
        Nanoseconds interval; ///< the one that led to the deadline: clamped, if the timer is
        Instant deadline;
        Qt::TimerType type;
        NestingLevel level; ///< of the handler
    };

    TimerQueue();
    TimerQueue(const TimerQueue &) = delete;

    /// Starts a timer at \a now; one that has the id already is replaced. \a interval is not negative; \a
    /// object may be null. \a level: of the handler that starts it, if nested timers are to be clamped
    /// (nesting.h).
    void insert(int id, Nanoseconds interval, Qt::TimerType type, QObject *object, Instant now,
                NestingLevel level = NestingLevel::Unclamped);
    /// False if the id is unknown.
    bool remove(int id);
    void removeAll(const QObject *object);

    std::size_t size() const { return m_byId.size(); }
    bool isEmpty() const { return m_byId.size() == 0; }
    /// When the next timer that is not being delivered is due, or Never.
    Instant nextDeadline() const { return m_heap.isEmpty() ? Never : m_heap.top().deadline; }
    /// When to wake up for it: then, or a little later if several more are due until that moment. Waking up
    /// for each of thousands of timers costs more than their handlers
    /// (docs/decisions/0004-crowded-timers.md).
    Instant nextWakeUp() const;
    /// When that timer is due next, also while it is being delivered; nothing if the id is unknown.
    std::optional<Instant> deadlineOf(int id) const;
    /// The timers of an object, the next one first.
    std::vector<Info> timersOf(const QObject *object) const;

    Batch beginBatch(Instant now);
    /// The next timer of the batch. The caller runs its handler and then calls finish() with it.
    std::optional<Due> takeDue(const Batch &batch);
    /// False if the timer was removed meanwhile.
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
        std::int32_t rounding;  ///< nanoseconds from its exact deadline to the one it has; 5 % of 20 s fit
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
    /// How late a crowd of timers may be; Qt's dispatchers wait full milliseconds, for a single one too.
    static constexpr Nanoseconds CrowdDelay = std::chrono::microseconds(750);

    void linkToObject(std::uint32_t slot);
    void unlinkFromObject(std::uint32_t slot);
    void discard(std::uint32_t slot);
    std::uint32_t acquireSlot();
    Instant advance(Slot &slot, Nanoseconds interval, Instant deadline, Instant now);
    static bool isFast(const Slot &slot);
    const DeadlineEntry &entryOf(std::uint32_t slot) const;

    Slots m_slots;
    SlotTable<int, IdOf> m_byId;
    SlotTable<const QObject *, ObjectOf> m_byObject; ///< the first timer of each object
    DeadlineHeap m_heap;
    std::vector<DeadlineEntry> m_active;      ///< being delivered
    std::size_t m_fastTimers = 0;             ///< with an interval that a delay would be felt in
    std::uint32_t m_order = UINT32_MAX - 999; ///< of the next start; near its wrap, which no test misses
};

} // namespace Flywheel
