// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/config.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <vector>

namespace Flywheel {

/// A distribution of durations from 1 ns to 1 h, as counts in log-linear buckets: 64 to each power of two, so
/// that the middle of a bucket is less than 1 % away from every duration in it; up to 127 ns buckets are
/// exact. Longer durations count as 1 h. A plain value: copy, merge and subtract it freely.
class FLYWHEEL_EXPORT Histogram
{
public:
    using Duration = std::chrono::nanoseconds;

    struct Bucket
    {
        std::uint32_t index;
        std::uint64_t count; ///< never 0
        bool operator==(const Bucket &) const = default;
    };

    static constexpr Duration Longest = std::chrono::hours(1);
    static constexpr std::uint32_t BucketCount = 2345;

    /// The bucket of a duration. Negative ones are taken as 0.
    static constexpr std::uint32_t indexOf(Duration duration) noexcept
    {
        const auto value =
            static_cast<std::uint64_t>(std::clamp(duration, Duration::zero(), Longest).count());
        constexpr std::uint64_t exact = (std::uint64_t(2) << SubBucketBits) - 1;
        const auto shift = static_cast<unsigned>(std::bit_width(value | exact)) - SubBucketBits - 1;
        return (shift << SubBucketBits) + static_cast<std::uint32_t>(value >> shift);
    }
    /// The shortest and the longest duration of a bucket, both inclusive.
    static Duration lowerBound(std::uint32_t index) noexcept;
    static Duration upperBound(std::uint32_t index) noexcept;

    Histogram() = default;
    /// \a buckets: ascending by index, no empty ones.
    explicit Histogram(std::vector<Bucket> buckets);

    /// Ascending by index, no empty ones.
    const std::vector<Bucket> &buckets() const noexcept { return m_buckets; }
    /// How many durations were recorded.
    std::uint64_t count() const noexcept { return m_count; }
    /// The duration that a share \a q (0 to 1) of all does not exceed, within 1 %: the middle of its bucket.
    /// 0 if empty.
    Duration quantile(double q) const noexcept;
    /// How many durations are longer than \a limit; those in its own bucket do not count.
    std::uint64_t countAbove(Duration limit) const noexcept;

    /// Adds the counts of \a other: several loops, or several windows, seen as one.
    void merge(const Histogram &other);
    /// What was recorded after \a earlier was taken of the same series: the distribution of a window of time.
    Histogram since(const Histogram &earlier) const;

    bool operator==(const Histogram &) const = default;

private:
    static constexpr unsigned SubBucketBits = 6;

    std::vector<Bucket> m_buckets;
    std::uint64_t m_count = 0;
};

} // namespace Flywheel
