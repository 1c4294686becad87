// SPDX-License-Identifier: MIT
#include "stacks/stacksampler.h"

namespace Flywheel {

std::string stackSamplingProblem()
{
    return "not available on this system";
}

SampledStack sampleStack(std::uint64_t /*threadId*/)
{
    return {.problem = stackSamplingProblem()};
}

std::optional<ThreadTimes> threadTimesOf(std::uint64_t /*threadId*/)
{
    return std::nullopt;
}

} // namespace Flywheel
