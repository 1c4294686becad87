// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <vector>

namespace Flywheel::Bench {

struct Spread
{
    double median = 0;
    double minimum = 0;
    double maximum = 0;
};

/// \a samples must not be empty.
inline Spread spreadOf(std::vector<double> samples)
{
    std::sort(samples.begin(), samples.end());
    const std::size_t middle = samples.size() / 2;
    const double median = samples.size() % 2 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
    return {median, samples.front(), samples.back()};
}

} // namespace Flywheel::Bench
