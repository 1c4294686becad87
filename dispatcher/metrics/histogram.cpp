// SPDX-License-Identifier: MIT
#include <flywheel/histogram.h>

#include "metrics/histogramrecorder.h"

#include <algorithm>
#include <cmath>

namespace Flywheel {

static_assert(Histogram::indexOf(Histogram::Longest) == Histogram::BucketCount - 1);

Histogram::Duration Histogram::lowerBound(std::uint32_t index) noexcept
{
    const std::uint32_t octave = index >> SubBucketBits;
    const unsigned shift = octave < 2 ? 0 : octave - 1; // how many low bits the bucket leaves open
    return Duration(std::uint64_t(index - (shift << SubBucketBits)) << shift);
}

Histogram::Duration Histogram::upperBound(std::uint32_t index) noexcept
{
    return lowerBound(index + 1) - Duration(1);
}

Histogram::Histogram(std::vector<Bucket> buckets) : m_buckets(std::move(buckets))
{
    for (const Bucket &bucket : m_buckets)
        m_count += bucket.count;
}

Histogram::Duration Histogram::quantile(double q) const noexcept
{
    const auto rank = std::max(std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(m_count)), 1.0);
    double seen = 0;
    for (const Bucket &bucket : m_buckets) {
        seen += static_cast<double>(bucket.count);
        if (seen >= rank)
            return (lowerBound(bucket.index) + upperBound(bucket.index)) / 2;
    }
    return Duration::zero();
}

std::uint64_t Histogram::countAbove(Duration limit) const noexcept
{
    const std::uint32_t index = indexOf(limit);
    std::uint64_t result = 0;
    for (const Bucket &bucket : m_buckets)
        result += bucket.index > index ? bucket.count : 0;
    return result;
}

void Histogram::merge(const Histogram &other)
{
    std::vector<Bucket> merged;
    merged.reserve(m_buckets.size() + other.m_buckets.size());
    std::merge(m_buckets.begin(), m_buckets.end(), other.m_buckets.begin(), other.m_buckets.end(),
               std::back_inserter(merged),
               [](const Bucket &a, const Bucket &b) { return a.index < b.index; });
    m_buckets.clear();
    for (const Bucket &bucket : merged) {
        if (!m_buckets.empty() && m_buckets.back().index == bucket.index)
            m_buckets.back().count += bucket.count;
        else
            m_buckets.push_back(bucket);
    }
    m_count += other.m_count;
}

Histogram Histogram::since(const Histogram &earlier) const
{
    std::vector<Bucket> left;
    auto before = earlier.m_buckets.begin();
    for (Bucket bucket : m_buckets) {
        while (before != earlier.m_buckets.end() && before->index < bucket.index)
            ++before;
        if (before != earlier.m_buckets.end() && before->index == bucket.index)
            bucket.count -= std::min(bucket.count, before->count);
        if (bucket.count > 0)
            left.push_back(bucket);
    }
    return Histogram(std::move(left));
}

Histogram HistogramRecorder::snapshot() const
{
    std::vector<Histogram::Bucket> buckets;
    for (std::uint32_t index = 0; index < Histogram::BucketCount; ++index) {
        const Cell<std::uint64_t> *const cell = m_counts.find(index);
        if (const std::uint64_t count = cell ? cell->get() : 0)
            buckets.push_back({index, count});
    }
    return Histogram(std::move(buckets));
}

} // namespace Flywheel
