// SPDX-License-Identifier: MIT
#include "compacthistogram.h"

#include <algorithm>
#include <cmath>

namespace Flywheel::Monitor {

CompactHistogram::CompactHistogram(const Histogram &histogram)
{
    const auto &buckets = histogram.buckets();
    std::uint32_t former = 0;
    for (auto at = buckets.begin(); at != buckets.end();) {
        const std::uint32_t index = coarse(at->index);
        std::uint64_t count = 0;
        for (; at != buckets.end() && coarse(at->index) == index; ++at)
            count += at->count;
        appendLeb128(m_bytes, index - former);
        appendLeb128(m_bytes, count);
        former = index;
    }
    m_bytes.shrink_to_fit(); // it is kept by the thousand
}

std::chrono::nanoseconds CompactHistogram::middle(std::uint32_t coarse)
{
    const std::uint32_t first = coarse << CoarseBits;
    const std::uint32_t last = std::min(first + (1U << CoarseBits), Histogram::BucketCount) - 1;
    return (Histogram::lowerBound(first) + Histogram::upperBound(last)) / 2;
}

void HistogramSum::add(const CompactHistogram &histogram)
{
    histogram.forEachBucket([this](std::uint32_t index, std::uint64_t count) {
        m_counts[index] += count;
        m_count += count;
    });
}

std::chrono::nanoseconds HistogramSum::quantile(double q, std::chrono::nanoseconds longest) const
{
    if (m_count == 0)
        return {};
    const auto wanted =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(m_count))));
    std::uint64_t seen = 0;
    std::uint32_t index = 0;
    while (index + 1 < m_counts.size() && (seen += m_counts[index]) < wanted)
        ++index;
    return std::min(CompactHistogram::middle(index), longest);
}

CompactHistogram HistogramSum::compact() const
{
    CompactHistogram result;
    std::uint32_t former = 0;
    for (std::uint32_t index = 0; index < m_counts.size(); ++index) {
        if (m_counts[index] == 0)
            continue;
        appendLeb128(result.m_bytes, index - former);
        appendLeb128(result.m_bytes, m_counts[index]);
        former = index;
    }
    return result;
}

} // namespace Flywheel::Monitor
