// SPDX-License-Identifier: MIT
#include "metrics/samplering.h"

#include <algorithm>
#include <numeric>

namespace Flywheel {

std::vector<std::chrono::nanoseconds> SampleRing::samples() const
{
    const std::uint64_t end = m_written.load(std::memory_order_acquire);
    const std::uint64_t begin = end > Size ? end - Size : 0;
    std::vector<std::chrono::nanoseconds> result;
    result.reserve(end - begin);
    for (std::uint64_t i = begin; i < end; ++i)
        result.emplace_back(m_samples.find(i % Size)->load(std::memory_order_acquire));
    // Sample n replaces sample n - Size, and number `now` may be half-way.
    const std::uint64_t now = m_written.load(std::memory_order_relaxed);
    const std::uint64_t intact = now == end || now < Size ? begin : now + 1 - Size;
    const auto replaced = static_cast<std::ptrdiff_t>(std::min(intact - begin, end - begin));
    result.erase(result.begin(), result.begin() + replaced);
    return result;
}

Series::Recent SampleRing::statistics() const
{
    return statisticsOf(samples());
}

Series::Recent statisticsOf(std::vector<std::chrono::nanoseconds> samples)
{
    Series::Recent result;
    if (samples.empty())
        return result;
    std::sort(samples.begin(), samples.end());
    const auto percentile = [&](std::size_t percent) {
        return samples[(samples.size() * percent + 99) / 100 - 1];
    };
    result.samples = static_cast<std::uint32_t>(samples.size());
    result.p50 = percentile(50);
    result.p90 = percentile(90);
    result.p95 = percentile(95);
    result.p99 = percentile(99);
    result.max = samples.back();
    result.mean = std::accumulate(samples.begin(), samples.end(), std::chrono::nanoseconds::zero()) /
                  static_cast<std::int64_t>(samples.size());
    return result;
}

} // namespace Flywheel
