// SPDX-License-Identifier: MIT
#pragma once

#include "health.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Loop;
class Session;

/// What a glance should tell: one line of words about the loop that does worst.
struct Verdict
{
    QString text; ///< plain text without line breaks; never empty
    Health health = Health::Good;
    Loop *loop = nullptr; ///< the one that the text is about; null: about all or none
    bool isKnown = false; ///< false: nothing is measured, so nothing can be said
};

/// How much time a verdict of live programs covers.
inline constexpr Duration VerdictWindow = std::chrono::seconds(60);

/// About \a loops in \a span, the gravest first: a program that is silent, a stall that goes on, a loop that
/// ended in one, stalls, health. `main: 21 stalls in 60 s, worst 129 ms, 21 × ReportGenerator "daily
/// report"`, or `all loops well`. Names the program too where the loops are of several, with its process id
/// where names do not tell them apart. \a named: whom the verdict before was about; it stays unless another
/// loop is clearly worse, so that of two in equal trouble one is named and not both in turn.
Verdict verdictOf(const QList<Loop *> &loops, TimeSpan span, const Loop *named = nullptr);
/// The loop to look at first: the one that the verdict is about, or else a main one. Null if there is none.
Loop *loopToShow(const QList<Loop *> &loops, TimeSpan span);
/// About all loops of \a session in the VerdictWindow before its now(). Goes by the verdict before of that
/// session.
Verdict verdictOf(const Session &session);

} // namespace Flywheel::Monitor
