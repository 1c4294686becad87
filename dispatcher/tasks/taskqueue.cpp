// SPDX-License-Identifier: MIT
#include "tasks/taskqueue.h"

#include <thread>

namespace Flywheel {

namespace {

std::int64_t toCount(Instant instant)
{
    return instant.time_since_epoch().count();
}

} // namespace

void TaskQueue::Chain::append(Chunk *chunk)
{
    Chain one{chunk, chunk};
    append(one);
}

void TaskQueue::Chain::append(Chain &other)
{
    if (!other.first)
        return;
    (first ? last->next : first) = other.first;
    last = other.last;
    other = {};
}

TaskQueue::Chunk *TaskQueue::Chain::takeFirst()
{
    Chunk *const chunk = first;
    first = std::exchange(chunk->next, nullptr);
    if (!first)
        last = nullptr;
    return chunk;
}

TaskQueue::TaskQueue(ClockFunction clock) : m_clock(clock) {}

TaskQueue::~TaskQueue()
{
    close();
    destroy(m_free);
}

TaskQueue::Posted TaskQueue::post(InlineTask &&task)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed)
        return Posted::Refused;
    Chunk *const chunk = openChunk();
    const bool isFirst = m_ingress.first->count == 0;
    const std::uint64_t number = m_posted.load(std::memory_order_relaxed);
    Slot &slot = chunk->slots[chunk->count];
    slot.posted = Immediately;
    if ((isFirst || number % StampEvery == 0) && m_stamping.load(std::memory_order_relaxed))
        slot.posted = m_clock();
    slot.task = std::move(task);
    ++chunk->count;
    if (isFirst) {
        m_firstPosted.store(toCount(slot.posted), std::memory_order_relaxed);
        m_wakers.fetch_add(1, std::memory_order_relaxed);
    }
    m_posted.store(number + 1, std::memory_order_release);
    return isFirst ? Posted::QueuedFirst : Posted::Queued;
}

/// The chunk with room for the next task. Under the mutex.
TaskQueue::Chunk *TaskQueue::openChunk()
{
    if (m_ingress.last && m_ingress.last->count < ChunkSize)
        return m_ingress.last;
    if (m_free.first) {
        m_ingress.append(m_free.takeFirst());
        --m_freeCount;
    } else {
        m_ingress.append(new Chunk);
        m_chunkCount.fetch_add(1, std::memory_order_relaxed);
    }
    return m_ingress.last;
}

std::uint64_t TaskQueue::depth() const
{
    // In this order: a task is started after it was posted.
    const std::uint64_t started = m_started.load(std::memory_order_acquire);
    return m_posted.load(std::memory_order_acquire) - started;
}

Instant TaskQueue::oldest() const
{
    if (depth() == 0)
        return Never;
    const bool isTaken =
        m_started.load(std::memory_order_relaxed) < m_takenEnd.load(std::memory_order_relaxed);
    const Instant posted{
        Nanoseconds((isTaken ? m_nextPosted : m_firstPosted).load(std::memory_order_relaxed))};
    return posted == Immediately ? Never : posted;
}

TaskQueue::Limit TaskQueue::beginBatch()
{
    const std::lock_guard lock(m_mutex);
    if (!m_taken.first)
        m_nextPosted.store(m_firstPosted.load(std::memory_order_relaxed), std::memory_order_relaxed);
    m_taken.append(m_ingress);
    giveBack();
    const Limit limit = m_posted.load(std::memory_order_relaxed);
    m_takenEnd.store(limit, std::memory_order_relaxed);
    return limit;
}

/// Under the mutex.
void TaskQueue::giveBack()
{
    while (m_emptied.first && m_freeCount < MostFree) {
        m_free.append(m_emptied.takeFirst());
        ++m_freeCount;
    }
}

bool TaskQueue::takeNext(Limit limit, Taken &taken)
{
    const std::uint64_t number = m_started.load(std::memory_order_relaxed);
    if (number >= limit)
        return false;
    Chunk *const chunk = m_taken.first;
    Slot &slot = chunk->slots[m_nextSlot++];
    taken.task = std::move(slot.task);
    taken.posted = slot.posted;
    taken.weight = ++m_weight;
    if (slot.posted != Immediately || m_weight == StampEvery)
        m_weight = 0; // the latter only while times are not noted
    m_started.store(number + 1, std::memory_order_release);
    if (m_nextSlot == chunk->count)
        recycle(m_taken.takeFirst());
    if (m_taken.first && m_taken.first->slots[m_nextSlot].posted != Immediately)
        m_nextPosted.store(toCount(m_taken.first->slots[m_nextSlot].posted), std::memory_order_relaxed);
    return true;
}

void TaskQueue::recycle(Chunk *chunk)
{
    m_nextSlot = 0;
    chunk->count = 0;
    m_emptied.append(chunk);
}

void TaskQueue::close()
{
    Chain left;
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        m_taken.append(m_ingress);
        left = std::exchange(m_taken, {});
        m_started.store(m_posted.load(std::memory_order_relaxed), std::memory_order_release);
    }
    while (m_wakers.load(std::memory_order_acquire) > 0)
        std::this_thread::yield();
    // Destructors of tasks may post; that is refused now.
    destroy(left);
    destroy(m_emptied);
}

void TaskQueue::destroy(Chain &chain)
{
    while (chain.first)
        delete chain.takeFirst();
}

} // namespace Flywheel
