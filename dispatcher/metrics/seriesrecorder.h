// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "metrics/histogramrecorder.h"
#include "metrics/samplering.h"

#include <limits>

namespace Flywheel {

/// Records one Series: one writer, any number of readers.
class SeriesRecorder
{
public:
    /// The writer's thread. \a weight says how many durations this one stands for. If there is no memory for
    /// the duration, it is left out.
    void record(Nanoseconds duration, std::uint64_t weight = 1) noexcept
    {
        if (!m_histogram.record(duration, weight))
            return; // no memory: all figures leave it out
        m_ring.record(duration);
        m_count.add(weight);
        m_sum.addSaturated(product(duration.count(), static_cast<std::int64_t>(weight)));
        m_max.raise(duration.count());
    }
    void resetMax() noexcept { m_max.set(0); }

    /// Any thread. \a recent: include the statistics of the last samples.
    Series snapshot(bool recent) const;
    std::uint64_t count() const { return m_count.get(); }

private:
    static std::int64_t product(std::int64_t duration, std::int64_t weight) noexcept
    {
        constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
        return duration > most / weight ? most : duration * weight;
    }

    Cell<std::uint64_t> m_count;
    Cell<std::int64_t> m_sum; ///< 292 years at most
    Cell<std::int64_t> m_max;
    SampleRing m_ring;
    HistogramRecorder m_histogram;
};

/// Records one Gauge: one writer, any number of readers.
class GaugeRecorder
{
public:
    /// The writer's thread.
    void record(std::uint64_t value) noexcept
    {
        m_current.set(value);
        m_max.raise(value);
        const double difference = static_cast<double>(value) - m_average.get();
        // Without this, an average that goes to 0 would become a denormal number, which is a hundred times
        // slower to add.
        if (difference > Negligible || difference < -Negligible)
            m_average.add(difference * Alpha);
    }
    void resetMax() noexcept { m_max.set(m_current.get()); }

    /// Any thread.
    Gauge snapshot() const { return {m_current.get(), m_max.get(), m_average.get()}; }

private:
    static constexpr double Alpha = 0.1;
    static constexpr double Negligible = 1e-9;

    Cell<std::uint64_t> m_current;
    Cell<std::uint64_t> m_max;
    Cell<double> m_average;
};

} // namespace Flywheel
