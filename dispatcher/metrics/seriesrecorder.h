// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "metrics/durationsum.h"
#include "metrics/histogramrecorder.h"
#include "metrics/samplering.h"

#include <limits>

namespace Flywheel {

/// Records one Series: one writer, any number of readers.
class SeriesRecorder
{
public:
    /// The writer's thread. If there is no memory for the duration, it is left out.
    void record(Nanoseconds duration) noexcept { add(duration, 1, duration.count()); }
    /// \a weight says how many durations this one stands for.
    void record(Nanoseconds duration, std::uint64_t weight) noexcept
    {
        add(duration, weight, product(duration.count(), static_cast<std::int64_t>(weight)));
    }
    /// Records one of several durations; account() is to follow with their sum, to which this adds it.
    void record(Nanoseconds duration, DurationSum &sum) noexcept
    {
        if (!m_histogram.record(duration, 1)) [[unlikely]]
            return;
        m_ring.record(duration);
        sum.add(duration);
    }
    void account(const DurationSum &sum) noexcept
    {
        m_count.add(sum.count);
        m_sum.addSaturated(sum.total);
        m_max.raise(sum.max);
    }
    void resetMax() noexcept { m_max.set(0); }

    /// Any thread. \a recent: include the statistics of the last samples.
    Series snapshot(bool recent) const;
    std::uint64_t count() const { return m_count.get(); }

private:
    void add(Nanoseconds duration, std::uint64_t weight, std::int64_t sum) noexcept
    {
        if (!m_histogram.record(duration, weight)) [[unlikely]]
            return; // no memory: all figures leave it out
        m_ring.record(duration);
        m_count.add(weight);
        m_sum.addSaturated(sum);
        m_max.raise(duration.count());
    }
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
        if (value != m_current.get() || !m_isSettled)
            recordChange(value);
    }
    void resetMax() noexcept { m_max.set(m_current.get()); }

    /// Any thread.
    Gauge snapshot() const { return {m_current.get(), m_max.get(), m_average.get()}; }

private:
    static constexpr double Alpha = 0.1;
    static constexpr double Negligible = 1e-9;

    void recordChange(std::uint64_t value) noexcept
    {
        m_current.set(value);
        m_max.raise(value);
        const double difference = static_cast<double>(value) - m_average.get();
        // Without this, an average that goes to 0 would become a denormal number, which is a hundred times
        // slower to add.
        m_isSettled = difference <= Negligible && difference >= -Negligible;
        if (!m_isSettled)
            m_average.add(difference * Alpha);
    }

    Cell<std::uint64_t> m_current;
    Cell<std::uint64_t> m_max;
    Cell<double> m_average;
    bool m_isSettled = true; ///< the writer's: the average is the current value
};

} // namespace Flywheel
