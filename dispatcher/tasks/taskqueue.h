// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <flywheel/inlinetask.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace Flywheel {

/// The tasks that wait for one loop: posted by any thread, run by the loop's, first come, first served.
///
/// Posters fill chunks behind a mutex; the loop takes all chunks at once, so it holds the mutex once a batch.
/// Emptied chunks go back to the posters: nothing is allocated once the queue has seen its usual depth. Why a
/// mutex: docs/decisions/0005-task-queue.md.
class TaskQueue
{
public:
    enum class Posted {
        Refused,     ///< the queue is closed
        Queued,      ///< behind others, whose poster wakes the loop
        QueuedFirst, ///< the caller must wake the loop, then call endWake()
    };
    /// The end of a batch, as the number of a task.
    using Limit = std::uint64_t;
    struct Taken
    {
        InlineTask task;
        Instant posted;       ///< Immediately: not noted
        std::uint64_t weight; ///< tasks that stand behind `posted`: this one and those without since the last
    };

    explicit TaskQueue(ClockFunction clock);
    ~TaskQueue();
    TaskQueue(const TaskQueue &) = delete;

    // Any thread:

    Posted post(InlineTask &&task);
    void endWake() { m_wakers.fetch_sub(1, std::memory_order_release); }
    /// Whether times of posting are noted: of the first task in an empty queue and of each eighth.
    void setStamping(bool on) { m_stamping.store(on, std::memory_order_relaxed); }
    std::uint64_t depth() const;
    /// When the first task that waits was posted, or up to seven tasks earlier; Never if there is none or it
    /// is not known.
    Instant oldest() const;
    /// Slots allocated.
    std::uint64_t capacity() const { return m_chunkCount.load(std::memory_order_relaxed) * ChunkSize; }
    /// Around a fork(2): nobody is inside post() meanwhile. Posters that were about to wake the loop are not
    /// there in the child.
    void lockForFork() { m_mutex.lock(); }
    void unlockAfterFork(bool inChild)
    {
        if (inChild)
            m_wakers.store(0, std::memory_order_relaxed);
        m_mutex.unlock();
    }

    // The loop's thread:

    bool isEmpty() const { return depth() == 0; }
    /// Takes what was posted until now to the tasks taken before.
    Limit beginBatch();
    /// The next task below \a limit; false if there is none. A nested loop's batch takes tasks of the outer
    /// one: they are older.
    bool takeNext(Limit limit, Taken &taken);
    /// Refuses all posts from now on, waits for posters that wake the loop, and destroys what is queued.
    void close();

private:
    static constexpr std::uint32_t ChunkSize = 64;
    /// So many empty chunks are kept, 1.3 MB.
    static constexpr std::uint32_t MostFree = 256;
    static constexpr std::uint64_t StampEvery = 8;

    struct Slot
    {
        InlineTask task;
        Instant posted;
    };
    struct Chunk
    {
        std::array<Slot, ChunkSize> slots;
        std::uint32_t count = 0;
        Chunk *next = nullptr;
    };
    struct Chain
    {
        Chunk *first = nullptr;
        Chunk *last = nullptr;

        void append(Chunk *chunk);
        void append(Chain &other);
        Chunk *takeFirst();
    };

    Chunk *openChunk();
    void recycle(Chunk *chunk);
    void giveBack();
    static void destroy(Chain &chain);

    const ClockFunction m_clock;
    std::atomic<bool> m_stamping{false};
    std::atomic<std::uint64_t> m_chunkCount{0};

    alignas(64) std::mutex m_mutex;
    // Under the mutex; atomics are read without it:
    bool m_closed = false;
    Chain m_ingress;
    Chain m_free;
    std::uint32_t m_freeCount = 0;
    std::atomic<std::uint64_t> m_posted{0};
    std::atomic<std::int64_t> m_firstPosted{0}; ///< when the first task of the ingress was posted
    std::atomic<int> m_wakers{0};

    // The loop's; atomics are read by others:
    alignas(64) Chain m_taken;
    Chain m_emptied;
    std::uint32_t m_nextSlot = 0; ///< in the first chunk of m_taken
    std::uint64_t m_weight = 0;
    std::atomic<std::uint64_t> m_takenEnd{0};  ///< number of the task behind the last one in m_taken
    std::atomic<std::uint64_t> m_started{0};   ///< number of the next task
    std::atomic<std::int64_t> m_nextPosted{0}; ///< when the first task of m_taken was posted
};

} // namespace Flywheel
