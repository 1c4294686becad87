// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/grownarray.h"

#include <flywheel/metrics.h>

#include <atomic>
#include <cstdint>

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

    /// The writer's thread. Does nothing if there is no memory for it.
    void record(std::chrono::nanoseconds duration) noexcept
    {
        std::atomic<std::int64_t> *const sample = m_samples.touch(m_next);
        if (!sample)
            return;
        sample->store(duration.count(), std::memory_order_release);
        m_next = m_next + 1 == Size ? 0 : m_next + 1;
        m_written.store(m_written.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

    /// Any thread. In no order.
    std::vector<std::chrono::nanoseconds> samples() const;
    Series::Recent statistics() const;

private:
    GrownArray<std::atomic<std::int64_t>, Size, 64> m_samples;
    std::atomic<std::uint64_t> m_written{0};
    std::size_t m_next = 0; ///< the writer's
};

/// The figures of Series::Recent for any samples. Percentiles by nearest rank.
Series::Recent statisticsOf(std::vector<std::chrono::nanoseconds> samples);

} // namespace Flywheel
