// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journal.h"
#include "metrics/ratewindow.h"
#include "metrics/receivertable.h"
#include "metrics/seriesrecorder.h"
#include "metrics/subjecttable.h"
#include "metrics/timertable.h"

#include <array>
#include <mutex>

namespace Flywheel {

/// What is computed from the handlers and passes of one loop: series, rates, and tables.
///
/// The loop's thread only notes them: handlers in the journal, passes here. They are folded into the figures
/// later, many at a time, which costs a fraction of what each would cost by itself. Whoever needs the figures
/// takes a Guard: the loop when it has noted FoldAfter of them, before it changes a figure itself and before
/// anything changes that notes refer to (a row of a table, the row of the window), and each reader. So a
/// reader's figures contain every handler that has ended, and agree with each other. While a reader has the
/// guard, for some ten microseconds, the loop goes on noting; it waits for the reader only if it needs the
/// guard for something else, or has filled half of the journal.
class HandlerFigures
{
public:
    /// The columns of the window after those of HandlerKind.
    enum Column : std::size_t { Busy = HandlerKindCount, Blocked, Outside, Posts, Passes, ColumnCount };

    /// A handler is noted if its durations are at most this long, because floats are exact up to it.
    static constexpr Nanoseconds LongestNoted{(1 << 24) - 1};

    HandlerFigures(Journal &journal, SubjectTable &subjects, Instant start)
        : m_journal(journal)
        , m_subjects(subjects)
        , window(start)
    {
    }

    // The loop's thread:

    /// Notes a handler: writes it to the journal.
    void note(const Journal::Record &record) noexcept
    {
        m_journal.append(record);
        if (m_journal.written() - m_foldedRecords.load(std::memory_order_relaxed) >= FoldAfter) [[unlikely]]
            foldUnlessRead(m_journal.written() - m_foldedRecords.load(std::memory_order_relaxed),
                           m_journal.capacity() / 2);
    }
    /// Writes a handler to the journal that is in the figures already. The caller has a guard.
    void append(const Journal::Record &record) noexcept
    {
        m_journal.append(record);
        m_foldedRecords.store(m_journal.written(), std::memory_order_relaxed);
    }
    void notePass(Nanoseconds own) noexcept;

    /// For as long as it exists, the figures are complete and only the calling thread may change them.
    class Guard
    {
    public:
        explicit Guard(HandlerFigures &figures) noexcept : m_lock(figures.m_lock) { figures.fold(); }

    private:
        std::lock_guard<std::mutex> m_lock;
    };

    /// The child of a fork(2) must not find the lock held by a thread that it does not have.
    void lockForFork() { m_lock.lock(); }
    void unlockAfterFork() { m_lock.unlock(); }

private:
    static constexpr std::uint64_t FoldAfter = 256;
    static constexpr std::size_t PassCount = 4096;

    void foldUnlessRead(std::uint64_t noted, std::uint64_t most) noexcept;
    void fold() noexcept;
    void foldHandlers() noexcept;
    void foldPasses() noexcept;

    Journal &m_journal;
    SubjectTable &m_subjects;
    std::mutex m_lock;
    std::atomic<std::uint64_t> m_foldedRecords{0}; ///< changed with a guard, like the next
    std::atomic<std::uint64_t> m_foldedPasses{0};
    std::atomic<std::uint64_t> m_notedPasses{0};
    std::array<std::atomic<std::uint32_t>, PassCount> m_passes{}; ///< nanoseconds

public:
    // Behind what is small, so that a quiet loop touches few pages. With a guard; the tables' own rows of
    // names also without, in the loop's thread.
    std::array<SeriesRecorder, HandlerKindCount> handlerTime;
    SeriesRecorder passTime;
    ReceiverTable receivers;
    TimerTable timers;
    RateWindow<ColumnCount> window; ///< the columns that are no handlers' belong to the loop's thread
};

inline void HandlerFigures::notePass(Nanoseconds own) noexcept
{
    if (own.count() > std::numeric_limits<std::uint32_t>::max()) [[unlikely]] {
        const Guard guard(*this);
        passTime.record(own);
        window.add(Passes, 1);
        return;
    }
    const std::uint64_t number = m_notedPasses.load(std::memory_order_relaxed);
    m_passes[number % PassCount].store(static_cast<std::uint32_t>(own.count()), std::memory_order_relaxed);
    m_notedPasses.store(number + 1, std::memory_order_release);
    if (number - m_foldedPasses.load(std::memory_order_relaxed) >= FoldAfter) [[unlikely]]
        foldUnlessRead(number + 1 - m_foldedPasses.load(std::memory_order_relaxed), PassCount / 2);
}

/// A reader may be at it: then there is room for some more.
inline void HandlerFigures::foldUnlessRead(std::uint64_t noted, std::uint64_t most) noexcept
{
    if (noted < most && !m_lock.try_lock())
        return;
    if (noted >= most)
        m_lock.lock();
    fold();
    m_lock.unlock();
}

} // namespace Flywheel
