// SPDX-License-Identifier: MIT
#include "metrics/seriesrecorder.h"

namespace Flywheel {

Series SeriesRecorder::snapshot() const
{
    Series result;
    result.count = m_count.get();
    result.sum = Nanoseconds(m_sum.get());
    result.max = Nanoseconds(m_max.get());
    result.recent = m_ring.statistics();
    result.histogram = m_histogram.snapshot();
    return result;
}

} // namespace Flywheel
