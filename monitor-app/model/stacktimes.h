// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"

#include <QtCore/qlist.h>

namespace Flywheel::Monitor {

/// A stack that was seen, and how long the thread is taken to have been there. Valid until the loop takes its
/// next frame.
struct TimedStack
{
    const Loop *loop = nullptr;
    const Stall *stall = nullptr;
    const StackSample *sample = nullptr;
    Duration time{};
};

/// Where the threads of some loops were during their stalls.
struct StackTimes
{
    std::vector<TimedStack> stacks; ///< loop after loop, each in the order of time
    std::size_t stalls = 0;         ///< all, also those without a stack
    Duration stalled{};             ///< in all of them
    std::size_t unseen = 0;         ///< stalls of which no stack is known
    Duration unseenTime{};          ///< in them
    QString problem;                ///< why the last of them has none; empty if nobody says
};

/// Returns the stacks of the stalls of \a loops; of \a span, if there is one.
///
/// The samples of a stall come at 1, 2, 4 … times the threshold, so that their number says nothing about
/// time. Each therefore stands for the time around it, up to half-way to the samples before and after it; the
/// first for all of the stall before, the last for all of it after. The sum is the time that the loop
/// stalled: an estimate of where, not of how long.
StackTimes stackTimesOf(const QList<Loop *> &loops, const std::optional<TimeSpan> &span);

} // namespace Flywheel::Monitor
