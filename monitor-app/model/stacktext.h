// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <QtCore/qstringlist.h>

#include <map>

namespace Flywheel::Monitor {

class CodeNames;

/// The stacks of a stall in words.
struct StackText
{
    QStringList lines;
    std::map<int, CodePlace> places; ///< by line: what the line is about

    QString text() const { return lines.join(QLatin1Char('\n')); }
};

/// Returns how the stalled thread spent its time, and its stacks: with addresses at first, with functions and
/// lines once \a names has told. Empty if nobody has looked at the stall.
StackText stackText(const Stall &stall, CodeNames &names);

/// "Of 760 ms watched it ran 2 ms and slept 758 ms."; empty if it was not watched.
QString stallTimes(const Stall &stall);

} // namespace Flywheel::Monitor
