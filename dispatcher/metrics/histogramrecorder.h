// SPDX-License-Identifier: MIT
#pragma once

#include "base/cell.h"
#include "metrics/grownarray.h"

#include <flywheel/histogram.h>

namespace Flywheel {

/// Records one Histogram: one writer, any number of readers, half a KB for each power of two that occurs.
class HistogramRecorder
{
public:
    /// The writer's thread. Returns false if there is no memory.
    bool record(std::chrono::nanoseconds duration, std::uint64_t weight) noexcept
    {
        Cell<std::uint64_t> *const count = m_counts.touch(Histogram::indexOf(duration));
        if (count)
            count->add(weight);
        return count != nullptr;
    }

    /// Any thread.
    Histogram snapshot() const;

private:
    GrownArray<Cell<std::uint64_t>, Histogram::BucketCount, 64> m_counts;
};

} // namespace Flywheel
