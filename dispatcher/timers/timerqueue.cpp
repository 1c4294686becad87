// SPDX-License-Identifier: MIT
#include "timers/timerqueue.h"

#include "timers/coarsetimer.h"

#include <algorithm>
#include <iterator>

namespace Flywheel {

namespace {

/// A timer that is not in the heap is being delivered: it stands among the active ones, which are few.
auto isOf(std::uint32_t slot)
{
    return [slot](const DeadlineEntry &entry) { return entry.slot == slot; };
}

std::int32_t roundingOf(Instant due, Instant exact)
{
    return static_cast<std::int32_t>((due - exact).count());
}

} // namespace

TimerQueue::TimerQueue() : m_byId({&m_slots}), m_byObject({&m_slots}) {}

void TimerQueue::insert(int id, Nanoseconds interval, Qt::TimerType type, QObject *object, Instant now,
                        NestingLevel level)
{
    remove(id);
    const TimerPlan plan = planTimer(type, interval, now);
    const Nanoseconds clamped = clampNested(plan.interval, level);
    const Instant deadline = clamped == plan.interval ? plan.deadline : after(now, clamped);
    const std::uint32_t index = acquireSlot();
    Slot &slot = m_slots[index];
    slot.object = object;
    slot.interval = plan.interval;
    slot.id = id;
    slot.type = plan.type;
    slot.level = deeper(level);
    slot.rounding = deadline == plan.deadline ? roundingOf(plan.deadline, plan.exact) : 0;
    m_fastTimers += isFast(slot);
    m_fineTimers += isFine(slot);
    m_byId.insert(index);
    if (object)
        linkToObject(index);
    m_heap.push({deadline, m_order++, index});
}

/// A slot, and room for its timer: where memory is lacking this throws, and nothing has changed. Also for the
/// active ones, whose return to the heap must not fail.
std::uint32_t TimerQueue::acquireSlot()
{
    const std::uint32_t index = m_slots.acquire();
    try {
        m_heap.reserve(m_active.size() + 1, index);
        m_byId.reserveOne();
        m_byObject.reserveOne();
    } catch (...) {
        m_slots.release(index);
        throw;
    }
    return index;
}

/// The deadline after \a deadline.
Instant TimerQueue::advance(Slot &slot, Nanoseconds interval, Instant deadline, Instant now)
{
    const Instant exact = deadline - Nanoseconds(slot.rounding);
    const Deadline next = followingDeadline(slot.type, interval, exact, now);
    slot.rounding = roundingOf(next.due, next.exact);
    return next.due;
}

bool TimerQueue::remove(int id)
{
    const std::uint32_t index = m_byId.take(id);
    if (index == None)
        return false;
    if (m_slots[index].object)
        unlinkFromObject(index);
    discard(index);
    return true;
}

void TimerQueue::removeAll(const QObject *object)
{
    for (std::uint32_t index = m_byObject.take(object); index != None;) {
        const std::uint32_t next = m_slots[index].link;
        m_byId.take(m_slots[index].id);
        discard(index);
        index = next;
    }
}

bool TimerQueue::isFast(const Slot &slot)
{
    return slot.interval > Nanoseconds::zero() && slot.interval < CrowdDelay;
}

bool TimerQueue::isFine(const Slot &slot)
{
    return slot.type == Qt::PreciseTimer && slot.interval > Nanoseconds::zero() &&
           slot.interval < FineInterval;
}

Instant TimerQueue::nextWakeUp() const
{
    const Instant next = nextDeadline();
    if (next == Never || m_fastTimers > 0)
        return next;
    const Instant later = after(next, CrowdDelay);
    return m_heap.isCrowded(later) ? later : next;
}

std::optional<Instant> TimerQueue::deadlineOf(int id) const
{
    const std::uint32_t index = m_byId.find(id);
    if (index == None)
        return std::nullopt;
    return entryOf(index).deadline;
}

std::vector<TimerQueue::Info> TimerQueue::timersOf(const QObject *object) const
{
    std::vector<DeadlineEntry> entries;
    for (std::uint32_t index = m_byObject.find(object); index != None; index = m_slots[index].link)
        entries.push_back(entryOf(index));
    std::sort(entries.begin(), entries.end());

    std::vector<Info> result;
    result.reserve(entries.size());
    for (const DeadlineEntry &entry : entries) {
        const Slot &slot = m_slots[entry.slot];
        result.push_back({slot.id, slot.interval, slot.type});
    }
    return result;
}

TimerQueue::Batch TimerQueue::beginBatch(Instant now)
{
    // What falls due inside a timer's own handler (a nested loop) is missed, not caught up afterwards, as in
    // Qt.
    for (DeadlineEntry &entry : m_active) {
        if (entry.deadline <= now) {
            Slot &slot = m_slots[entry.slot];
            const Nanoseconds interval = clampNested(slot.interval, shallower(slot.level));
            entry.deadline = advance(slot, interval, entry.deadline, now);
        }
    }
    return {now, m_order};
}

std::optional<TimerQueue::Due> TimerQueue::takeDue(const Batch &batch)
{
    if (m_heap.isEmpty())
        return std::nullopt;
    const DeadlineEntry entry = m_heap.top();
    // An entry that was made during the batch is due at batch.now or later, so it stands behind all older
    // ones. Orders wrap, therefore they decide between equal deadlines only.
    const bool madeInBatch =
        entry.deadline == batch.now && static_cast<std::int32_t>(entry.order - batch.before) >= 0;
    if (entry.deadline > batch.now || madeInBatch)
        return std::nullopt;

    m_active.push_back(entry);
    m_heap.pop();
    Slot &slot = m_slots[entry.slot];
    const NestingLevel level = slot.level;
    const Nanoseconds interval = clampNested(slot.interval, level);
    m_active.back().deadline = advance(slot, interval, entry.deadline, batch.now);
    slot.level = deeper(level); // a repeat starts in the timer's own handler
    const Nanoseconds former = clampNested(slot.interval, shallower(level));
    return Due{m_slots.handle(entry.slot), slot.id, slot.object, former, entry.deadline, slot.type, level};
}

bool TimerQueue::finish(const Due &due)
{
    if (!m_slots.isCurrent(due.handle))
        return false;
    // From the back: handlers that nest end innermost first.
    const auto active = std::find_if(m_active.rbegin(), m_active.rend(), isOf(due.handle.index));
    const Instant deadline = active->deadline;
    m_active.erase(std::next(active).base());
    m_heap.push({deadline, m_order++, due.handle.index});
    return true;
}

/// Behind the object's first timer, so that the table stays as it is.
void TimerQueue::linkToObject(std::uint32_t index)
{
    Slot &slot = m_slots[index];
    slot.link = slot.previous = None;
    const std::uint32_t firstIndex = m_byObject.insert(index);
    if (firstIndex == index)
        return;
    Slot &first = m_slots[firstIndex];
    slot.previous = firstIndex;
    slot.link = first.link;
    first.link = index;
    if (slot.link != None)
        m_slots[slot.link].previous = index;
}

void TimerQueue::unlinkFromObject(std::uint32_t index)
{
    const Slot &slot = m_slots[index];
    if (slot.link != None)
        m_slots[slot.link].previous = slot.previous;
    if (slot.previous != None)
        m_slots[slot.previous].link = slot.link;
    else if (slot.link != None)
        m_byObject.replace(slot.object, slot.link);
    else
        m_byObject.take(slot.object);
}

/// Takes a timer out of the order and frees its slot.
void TimerQueue::discard(std::uint32_t index)
{
    m_fastTimers -= isFast(m_slots[index]);
    m_fineTimers -= isFine(m_slots[index]);
    if (!m_heap.remove(index))
        m_active.erase(std::find_if(m_active.begin(), m_active.end(), isOf(index)));
    m_slots.release(index);
}

const DeadlineEntry &TimerQueue::entryOf(std::uint32_t index) const
{
    const DeadlineEntry *waiting = m_heap.find(index);
    return waiting ? *waiting : *std::find_if(m_active.begin(), m_active.end(), isOf(index));
}

} // namespace Flywheel
