// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <flywheel/metrics.h>

#include <QtCore/qstring.h>

#include <string>
#include <string_view>

/// Numbers to text, with three significant digits and a unit chosen by size. Nothing else in the monitor
/// turns a number into text, so that each quantity looks alike wherever it stands. The decimal sign is a
/// point and units are SI symbols in every locale, as in the program's logs. Pure functions, any thread.
namespace Flywheel::Monitor::Format {

/// "0 ns", "980 ns", "1.24 ms", "12.4 s", "3 min 20 s", "2 h 5 min".
QString duration(std::chrono::nanoseconds value);
/// A maximum; \a isBound: of which only is known that it is not longer: "≤ 120 ms".
QString longest(std::chrono::nanoseconds value, bool isBound);
/// \a figure, a number as text; \a isLeast: of which only is known that it is not less: "≥ 10.0 /s".
QString atLeast(const QString &figure, bool isLeast);
/// "0 /s", "0.25 /s", "980 /s", "12.4 k/s".
QString rate(double perSecond);
/// \a share: 0 to 1. "0 %", "0.4 %", "63 %", "100 %".
QString percent(double share);
/// Exact up to 9,999, then "12.4 k", "1.24 M".
QString count(std::uint64_t value);
/// A mean of counts: "0", "1.24", "12.4 k".
QString mean(double value);
/// "980 B", "12.4 KB", "4.10 MB", by powers of 1,000.
QString bytes(std::uint64_t value);
/// Local time with milliseconds: "12:03:14.220".
QString clockTime(WallTime time);
/// Local date and time, for titles and reports: "2026-11-23 12:03:14.220".
QString dateTime(WallTime time);
/// Running time as a clock: "00:03:12".
QString elapsed(std::chrono::nanoseconds value);
/// A whole interval, as one sets it: "0 ms", "20 ms", "1.5 s", "1 min".
QString interval(std::chrono::nanoseconds value);
/// "10.0 frames/s".
QString framesPerSecond(double value);
/// "×1", "×0.5", "×10".
QString speed(double factor);

/// "timer", "notifier", "posted events" …: for tables and legends.
QString handlerKind(HandlerKind kind);
/// "precise", "coarse", "very coarse".
QString timerType(Qt::TimerType type);
/// What Stall::id says, by kind: "timer 7", "timeout 3", "descriptor 12", "MetaCall event", "event type
/// 1000"; empty if it says nothing.
QString handlerId(HandlerKind kind, std::int64_t id);
/// A name that came from another program, safe in a terminal, a log and a table of one line a row:
/// plainText() with U+FFFD in place of control characters.
QString plain(const QString &name);
std::string plain(std::string_view utf8);
/// \a text for a tooltip or a label that guesses whether a text is HTML: shown as it stands, whatever is in
/// it.
QString literally(const QString &text);
/// A missing value.
QString none();

} // namespace Flywheel::Monitor::Format
