// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/cell.h"

#include <flywheel/metrics.h>

namespace Flywheel {

/// The last 1,000 durations: one writer, any readers.
///
/// A reader gets whole samples that follow on one another without a gap. Those that the writer may have
/// replaced while it was copying are left out; the one exception takes the place of the oldest and is the
/// newest.
class SampleRing
{
public:
    static constexpr std::size_t Size = 1000;

    /// The writer's thread.
    void record(std::chrono::nanoseconds duration) noexcept
    {
        m_samples[m_next].store(duration.count(), std::memory_order_release);
        m_next = m_next + 1 == Size ? 0 : m_next + 1;
        m_written.store(m_written.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

    /// Any thread. In no order.
    std::vector<std::chrono::nanoseconds> samples() const;
    Series::Recent statistics() const;

private:
    std::array<std::atomic<std::int64_t>, Size> m_samples{};
    std::atomic<std::uint64_t> m_written{0};
    std::size_t m_next = 0; ///< the writer's
};

/// The figures of Series::Recent for any samples. Percentiles by nearest rank.
Series::Recent statisticsOf(std::vector<std::chrono::nanoseconds> samples);

} // namespace Flywheel
