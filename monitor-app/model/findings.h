// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <QtCore/qstring.h>

#include <vector>

namespace Flywheel::Monitor {

class Loop;

/// A problem of a loop, in plain words.
struct Finding
{
    enum class Kind {
        ZeroTimerSpins,
        LoopSaturated,
        HandlerOverFrameBudget,
        PostedQueueGrows,
        FastTimerWakesIdleLoop,
        LatenessWithoutLoad,
        DeepNesting,
        TooManyNotifiersForPoll,
        LongStall,
    };
    /// The view that shows it.
    enum class View { Latency, Throughput, QueueDepth, Utilisation, HeatMap, Stalls, Timers, Receivers };

    Kind kind;
    QString cause;  ///< a sentence: what happens, and who does it
    QString figure; ///< the figure that shows it
    QString advice; ///< a sentence: what to do
    View view;
    /// To sort by: the share of the loop's time that it costs, or how far it exceeds its limit.
    double weight = 0;
    QString subject; ///< filter text for the view: a class or an object name; may be empty
};

/// Returns the findings of \a loop in \a span, the worst first. \a span should be 10 s or more. If too little
/// was measured, only a long stall is a finding.
std::vector<Finding> findingsOf(const Loop &loop, TimeSpan span);

} // namespace Flywheel::Monitor
