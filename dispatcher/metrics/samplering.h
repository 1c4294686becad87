// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/grownarray.h"

#include <flywheel/metrics.h>

#include <atomic>
#include <cstdint>

namespace Flywheel {

/// The last 1,000 durations: one writer, any number of readers.
///
/// A reader gets whole samples without a gap between them. Samples that the writer may have replaced during
/// the copy are left out. There is one exception: the newest sample may be in the place of the oldest one.
class SampleRing
{
public:
    static constexpr std::size_t Size = 1000;

    /// The writer's thread. Does nothing if there is no memory.
    void record(std::chrono::nanoseconds duration) noexcept
    {
        std::size_t next = m_next;
        std::atomic<std::int64_t> *const sample = m_samples.touch(next);
        if (!sample) [[unlikely]]
            return;
        sample->store(duration.count(), std::memory_order_release);
        if (++next == Size)
            next = 0;
        m_next = next;
        m_written.store(m_written.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

    /// Any thread. The samples are in no particular order.
    std::vector<std::chrono::nanoseconds> samples() const;
    Series::Recent statistics() const;

private:
    GrownArray<std::atomic<std::int64_t>, Size, 64> m_samples;
    std::atomic<std::uint64_t> m_written{0};
    std::size_t m_next = 0; ///< the writer's
};

/// Computes the figures of Series::Recent. Percentiles are by nearest rank.
Series::Recent statisticsOf(std::vector<std::chrono::nanoseconds> samples);

} // namespace Flywheel
