// SPDX-License-Identifier: MIT
#include "timers/timerqueue.h"

#include "timers/coarsetimer.h"

namespace Flywheel {

TimerQueue::TimerQueue() : m_byId({&m_slots}), m_byObject({&m_slots}), m_heap({&m_slots}) {}

void TimerQueue::insert(int id, Nanoseconds interval, Qt::TimerType type, QObject *object, Instant now,
                        NestingLevel level)
{
    remove(id);
    const TimerPlan plan = planTimer(type, interval, now);
    const Nanoseconds clamped = clampNested(plan.interval, level);
    const Instant deadline = clamped == plan.interval ? plan.deadline : after(now, clamped);
    const std::uint32_t index = m_slots.acquire();
    Slot &slot = m_slots[index];
    slot.object = object;
    slot.interval = plan.interval;
    slot.id = id;
    slot.type = plan.type;
    slot.level = deeper(level);
    m_byId.insert(index);
    if (object)
        linkToObject(index);
    m_heap.push({deadline, m_order++, index});
}

bool TimerQueue::remove(int id)
{
    const std::uint32_t index = m_byId.find(id);
    if (index == None)
        return false;
    if (m_slots[index].object)
        unlinkFromObject(index);
    discard(index);
    return true;
}

void TimerQueue::removeAll(const QObject *object)
{
    const std::uint32_t first = m_byObject.find(object);
    if (first == None)
        return;
    m_byObject.erase(object);
    for (std::uint32_t index = first; index != None;) {
        const std::uint32_t next = m_slots[index].link;
        discard(index);
        index = next;
    }
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
        if (entry.slot != None && entry.deadline <= now) {
            const Slot &slot = m_slots[entry.slot];
            const Nanoseconds interval = clampNested(slot.interval, shallower(slot.level));
            entry.deadline = Flywheel::nextDeadline(slot.type, interval, entry.deadline, now);
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

    m_heap.removeAt(0);
    Slot &slot = m_slots[entry.slot];
    slot.position = Active | static_cast<std::uint32_t>(m_active.size());
    const NestingLevel level = slot.level;
    const Nanoseconds interval = clampNested(slot.interval, level);
    const Instant next = Flywheel::nextDeadline(slot.type, interval, entry.deadline, batch.now);
    m_active.push_back({next, entry.order, entry.slot});
    slot.level = deeper(level); // a repeat starts in the timer's own handler
    const Nanoseconds former = clampNested(slot.interval, shallower(level));
    return Due{m_slots.handle(entry.slot), slot.id, slot.object, former, entry.deadline, slot.type, level};
}

bool TimerQueue::finish(const Due &due)
{
    const DeadlineEntry entry = m_active.back();
    m_active.pop_back();
    if (!m_slots.isCurrent(due.handle))
        return false;
    m_heap.push({entry.deadline, m_order++, entry.slot});
    return true;
}

void TimerQueue::linkToObject(std::uint32_t index)
{
    Slot &slot = m_slots[index];
    slot.previous = None;
    slot.link = m_byObject.find(slot.object);
    if (slot.link == None) {
        m_byObject.insert(index);
    } else {
        m_slots[slot.link].previous = index;
        m_byObject.replace(slot.object, index);
    }
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
        m_byObject.erase(slot.object);
}

/// Takes a timer out of everything but its object's list.
void TimerQueue::discard(std::uint32_t index)
{
    const Slot &slot = m_slots[index];
    m_byId.erase(slot.id);
    if (slot.position & Active)
        m_active[slot.position & ~Active].slot = None;
    else
        m_heap.removeAt(slot.position);
    m_slots.release(index);
}

DeadlineEntry TimerQueue::entryOf(std::uint32_t index) const
{
    const std::uint32_t position = m_slots[index].position;
    return position & Active ? m_active[position & ~Active] : m_heap.at(position);
}

} // namespace Flywheel
