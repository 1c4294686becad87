// SPDX-License-Identifier: MIT
#pragma once

#include "health.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Loop;
class Session;

/// One line of text about the loop that does worst.
struct Verdict
{
    QString text; ///< plain text without line breaks; never empty
    Health health = Health::Good;
    Loop *loop = nullptr; ///< the loop that the text is about; null: about all or none
    bool isKnown = false; ///< false if nothing was measured
};

/// The time that a verdict about live programs covers.
inline constexpr Duration VerdictWindow = std::chrono::seconds(60);

/// Returns the verdict about \a loops in \a span. From the worst down: a program that is silent, a stall that
/// goes on, a loop that ended in a stall, stalls, health. Examples: `main: 21 stalls in 60 s, worst 129 ms,
/// 21 × ReportGenerator "daily report"` and `all loops well`. If the loops belong to several programs, the
/// text names the program, and its process id if several have that name.
///
/// \a named is the loop that the last verdict was about. The verdict stays with it unless another loop is
/// clearly worse, so that it does not change between two loops in equal trouble.
Verdict verdictOf(const QList<Loop *> &loops, TimeSpan span, const Loop *named = nullptr);
/// Returns the loop to look at first: the one that the verdict is about, or a main loop. Returns null if
/// there is none.
Loop *loopToShow(const QList<Loop *> &loops, TimeSpan span);
/// Returns the verdict about all loops of \a session in the VerdictWindow before its now(), and notes the
/// loop for the next verdict.
Verdict verdictOf(const Session &session);

} // namespace Flywheel::Monitor
