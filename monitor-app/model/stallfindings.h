// SPDX-License-Identifier: MIT
#pragma once

#include "findings.h"

#include <optional>

namespace Flywheel::Monitor {

struct ReceiverRow;
struct TimerRow;

/// A stall is a finding if it is at least this long, or if the loop ended in it.
inline constexpr Duration LongStall = std::chrono::milliseconds(500);

/// Returns the worst stall of \a loop in \a span: the one in which the loop ended, one that goes on, or the
/// longest one. Returns nothing if none is long enough. Works without measured time, too.
std::optional<Finding> longStallOf(const Loop &loop, TimeSpan span);

/// Returns \a receiver as words of a sentence: `QTimer "staller"` if a stall or a timer of \a span shows
/// which object it is, `Sink (posted event)` if only the class is known, `A task` if there is no object.
QString receiverName(const Loop &loop, TimeSpan span, const ReceiverRow &receiver);
/// Returns a timer as words of a sentence: `Poller "inbox"`.
QString timerName(const TimerRow &timer);

} // namespace Flywheel::Monitor
