// SPDX-License-Identifier: MIT
#pragma once

#include "base/cell.h"
#include "base/clock.h"

#include <algorithm>

namespace Flywheel {

/// Sums of several quantities over the last ten seconds and the last second, in rows of 100 ms: one writer,
/// any number of readers.
///
/// Each row contains the number of its tenth of a second. So a gap needs no clearing: rows from before the
/// gap have other numbers. If the clock jumps back, counting goes on in the same row. If it jumps ahead (the
/// machine was suspended, and the clock counts that), the old rows are no longer part of the window.
template <std::size_t Columns>
class RateWindow
{
public:
    static constexpr Nanoseconds RowLength = std::chrono::milliseconds(100);
    static constexpr std::int64_t RowsASecond = 10;
    static constexpr std::int64_t RowsInWindow = 100;

    /// The sums of a window, and the time that they cover.
    struct Window
    {
        std::array<std::uint64_t, Columns> sums{};
        Nanoseconds length{};
        Instant begin{};

        double perSecond(std::size_t column) const
        {
            return static_cast<double>(sums[column]) / std::chrono::duration<double>(length).count();
        }
    };

    explicit RateWindow(Instant start) : m_start(start) { enterRow(rowOf(start)); }

    // The writer's thread:

    /// Enters the row of \a now.
    void advance(Instant now) noexcept
    {
        if (!isCurrent(now))
            enterRow(rowOf(now));
    }
    bool isCurrent(Instant now) const noexcept { return now < m_rowEnd; }
    Instant rowEnd() const noexcept { return m_rowEnd; }
    /// Counts in the row of the last advance().
    void add(std::size_t column, std::uint64_t count) noexcept
    {
        std::atomic<std::uint64_t> &sum = m_current->sums[column];
        sum.store(sum.load(std::memory_order_relaxed) + count, std::memory_order_release);
    }
    /// Adds the nanoseconds from \a from to \a to, each to the row in which it lies, and advances to \a to.
    void addSpan(std::size_t column, Instant from, Instant to) noexcept
    {
        from = std::max(from, to - RowLength * (RowsInWindow + 1));
        for (advance(from); to > m_rowEnd; advance(from)) {
            add(column, nanosecondsBetween(from, m_rowEnd));
            from = std::max(from, m_rowEnd);
        }
        add(column, nanosecondsBetween(from, to));
        advance(to);
    }

    // Any thread:

    Window lastTenSeconds(Instant now) const { return window(now, RowsInWindow); }
    Window lastSecond(Instant now) const { return window(now, RowsASecond); }
    Instant start() const { return m_start; }

private:
    static constexpr std::size_t RowCount =
        128; // the window, and some more for a reader that the writer overtakes
    static constexpr std::int64_t Nowhen = -1;

    struct Row
    {
        std::atomic<std::int64_t> number{0}; // not Nowhen: pages of zeros take no memory (zeropages.h)
        std::array<std::atomic<std::uint64_t>, Columns> sums{};
    };

    static std::int64_t rowOf(Instant instant) { return instant.time_since_epoch() / RowLength; }
    static Instant beginOf(std::int64_t row) { return Instant(row * RowLength); }
    static std::uint64_t nanosecondsBetween(Instant from, Instant to)
    {
        return static_cast<std::uint64_t>(std::max(to - from, Nanoseconds::zero()).count());
    }

    Row &place(std::int64_t row) { return m_rows[static_cast<std::size_t>(row) % RowCount]; }
    const Row &place(std::int64_t row) const { return m_rows[static_cast<std::size_t>(row) % RowCount]; }

    /// A reader that reads a sum of the new row has also seen Nowhen before it, because the sum was stored
    /// with release (see SeqSlot).
    void enterRow(std::int64_t number) noexcept
    {
        Row &row = place(number);
        row.number.store(Nowhen, std::memory_order_relaxed);
        for (std::atomic<std::uint64_t> &sum : row.sums)
            sum.store(0, std::memory_order_release);
        row.number.store(number, std::memory_order_release);
        m_current = &row;
        m_rowEnd = beginOf(number + 1);
        m_currentNumber.store(number, std::memory_order_release);
    }

    Window window(Instant now, std::int64_t rows) const
    {
        // The writer may be ahead of a reader's clock reading.
        const std::int64_t last = std::max(rowOf(now), m_currentNumber.load(std::memory_order_acquire));
        Window result;
        result.begin = std::max(beginOf(last - rows + 1), m_start);
        result.length = std::max(std::max(now, beginOf(last)) - result.begin, RowLength);
        for (std::int64_t number = last - rows + 1; number <= last; ++number)
            addRow(result, number);
        return result;
    }

    void addRow(Window &window, std::int64_t number) const
    {
        const Row &row = place(number);
        if (number < 0 || row.number.load(std::memory_order_acquire) != number)
            return;
        std::array<std::uint64_t, Columns> sums;
        for (std::size_t i = 0; i < Columns; ++i)
            sums[i] = row.sums[i].load(std::memory_order_acquire);
        if (row.number.load(std::memory_order_relaxed) != number)
            return;
        for (std::size_t i = 0; i < Columns; ++i)
            window.sums[i] += sums[i];
    }

    const Instant m_start;
    std::atomic<std::int64_t> m_currentNumber{0};
    Row *m_current = nullptr; ///< the writer's, like the next
    Instant m_rowEnd{};
    std::array<Row, RowCount> m_rows;
};

} // namespace Flywheel
