// SPDX-License-Identifier: MIT
#pragma once

#include "base/leb128.h"

#include <flywheel/histogram.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace Flywheel::Monitor {

/// A histogram in some tens of bytes, so that a history can keep one for each interval. Four buckets of
/// Histogram are one bucket here, so quantiles are within 3 %.
class CompactHistogram
{
public:
    CompactHistogram() = default;
    explicit CompactHistogram(const Histogram &histogram);

    bool isEmpty() const { return m_bytes.empty(); }
    /// Calls \a visit(std::chrono::nanoseconds middle, std::uint64_t count) for each bucket, ascending.
    template <typename Visitor>
    void forEach(Visitor &&visit) const;
    /// Calls \a visit(std::uint32_t index, std::uint64_t count); \a index is from 0 to BucketCount - 1.
    template <typename Visitor>
    void forEachBucket(Visitor &&visit) const;
    std::size_t bytes() const { return m_bytes.size(); }

    /// coarse() returns the index of the coarse bucket that contains \a bucket of Histogram; middle() returns
    /// the middle of a coarse bucket.
    static std::uint32_t coarse(std::uint32_t bucket) { return bucket >> CoarseBits; }
    static std::chrono::nanoseconds middle(std::uint32_t coarse);

    static constexpr unsigned CoarseBits = 2;
    static constexpr std::uint32_t BucketCount = (Histogram::BucketCount >> CoarseBits) + 1;

private:
    friend class HistogramSum;

    std::string m_bytes; ///< (step, count) in LEB128; a string, because short ones need no allocation
};

/// The sum of many compact histograms.
class HistogramSum
{
public:
    void add(const CompactHistogram &histogram);
    std::uint64_t count() const { return m_count; }
    /// Returns the duration that a share \a q (0 to 1) of all does not exceed; 0 if empty. Pass the longest
    /// duration as \a longest: the result is not longer than that, although the middle of its bucket may be.
    std::chrono::nanoseconds
    quantile(double q, std::chrono::nanoseconds longest = std::chrono::nanoseconds::max()) const;
    CompactHistogram compact() const;

private:
    std::array<std::uint64_t, CompactHistogram::BucketCount> m_counts{};
    std::uint64_t m_count = 0;
};

template <typename Visitor>
void CompactHistogram::forEachBucket(Visitor &&visit) const
{
    std::uint32_t index = 0;
    for (std::string_view rest = m_bytes; !rest.empty();) {
        index += static_cast<std::uint32_t>(takeLeb128(rest).value_or(0));
        visit(index, takeLeb128(rest).value_or(0));
    }
}

template <typename Visitor>
void CompactHistogram::forEach(Visitor &&visit) const
{
    forEachBucket([&](std::uint32_t index, std::uint64_t count) { visit(middle(index), count); });
}

} // namespace Flywheel::Monitor
