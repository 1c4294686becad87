// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <QtCore/qstring.h>

#include <vector>

namespace Flywheel::Monitor {

class Loop;

/// Something about a loop that is worth a look, in plain words.
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
    /// Where it can be seen.
    enum class View { Latency, Throughput, QueueDepth, Utilisation, HeatMap, Stalls, Timers, Receivers };

    Kind kind;
    QString cause;  ///< a sentence: what happens, and who does it
    QString figure; ///< the figure that shows it
    QString advice; ///< a sentence: what to do
    View view;
    double weight = 0; ///< share of the loop's time that it costs, or how far past its limit; to sort by
    QString subject;   ///< filter text for the view: a class or an object name; may be empty
};

/// What \a span, 10 s or more, of \a loop shows; the gravest first. Too little measured: nothing but a long
/// stall.
std::vector<Finding> findingsOf(const Loop &loop, TimeSpan span);

} // namespace Flywheel::Monitor
