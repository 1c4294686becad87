// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/cell.h"

#include <flywheel/histogram.h>

namespace Flywheel {

/// The counts behind one Histogram: one writer, any readers, 19 KB.
class HistogramRecorder
{
public:
    /// The writer's thread.
    void record(std::chrono::nanoseconds duration, std::uint64_t weight) noexcept
    {
        m_counts[Histogram::indexOf(duration)].add(weight);
    }

    /// Any thread.
    Histogram snapshot() const;

private:
    std::array<Cell<std::uint64_t>, Histogram::BucketCount> m_counts{};
};

} // namespace Flywheel
