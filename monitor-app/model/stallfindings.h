// SPDX-License-Identifier: MIT
#pragma once

#include "findings.h"

#include <optional>

namespace Flywheel::Monitor {

struct ReceiverRow;
struct TimerRow;

/// What findings say of stalls. A stall counts from this length on, and one that the loop ended in always.
inline constexpr Duration LongStall = std::chrono::milliseconds(500);

/// The gravest stall of \a loop in \a span: one that the loop ended in, one that goes on, or else the longest
/// one. Nothing if none is long enough. Needs no measured time.
std::optional<Finding> longStallOf(const Loop &loop, TimeSpan span);

/// \a receiver for a sentence: `QTimer "staller"` where a stall or a timer of \a span tells which object it
/// is, `Sink (posted event)` where only the class is known, `A task` where there is no object.
QString receiverName(const Loop &loop, TimeSpan span, const ReceiverRow &receiver);
/// `Poller "inbox"`.
QString timerName(const TimerRow &timer);

} // namespace Flywheel::Monitor
