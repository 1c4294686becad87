// SPDX-License-Identifier: MIT
#pragma once

#include "stacks/stackreader.h"
#include "stacks/stacksampler.h"

#include <optional>

namespace Flywheel {

struct TakenStack
{
    std::optional<StackSample> sample;
    std::string problem; ///< why there is none, for people
};

/// Samples stacks and follows the calls on them. Belongs to one thread, which loads the module
/// libflywheelstacks with the first stack.
class StackTaker
{
public:
    /// Adds to \a modules those that the stack goes through. As sampleStack().
    TakenStack take(std::uint64_t threadId, std::vector<StackModule> &modules);

private:
    std::unique_ptr<StackUnwinder> m_unwinder;
    std::string m_problem; ///< why there is none, once that was found out
};

} // namespace Flywheel
