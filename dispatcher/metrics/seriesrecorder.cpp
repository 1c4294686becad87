// SPDX-License-Identifier: MIT
#include "metrics/seriesrecorder.h"

namespace Flywheel {

Series SeriesRecorder::snapshot(bool recent) const
{
    Series result;
    result.count = m_count.get();
    result.sum = Nanoseconds(m_sum.get());
    result.max = Nanoseconds(m_max.get());
    if (recent)
        result.recent = m_ring.statistics();
    if (result.count > 0)
        result.histogram = m_histogram.snapshot();
    return result;
}

} // namespace Flywheel
