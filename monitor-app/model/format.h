// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <flywheel/metrics.h>

#include <QtCore/qstring.h>

#include <string>
#include <string_view>

/// Turns numbers into text, with three significant digits and a unit chosen by size. Nothing else in the
/// monitor does that, so a quantity looks the same everywhere. In every locale the decimal sign is a point
/// and units are SI symbols, as in the program's logs. Pure functions; any thread.
namespace Flywheel::Monitor::Format {

/// "0 ns", "980 ns", "1.24 ms", "12.4 s", "3 min 20 s", "2 h 5 min".
QString duration(std::chrono::nanoseconds value);
/// A maximum. \a isBound: the real maximum is not longer than \a value, but not known: "≤ 120 ms".
QString longest(std::chrono::nanoseconds value, bool isBound);
/// \a figure is a number as text. \a isLeast: the real figure is not less, but not known: "≥ 10.0 /s".
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
/// Local time of a moment after 1970-01-01 UTC, with 0 to 9 \a decimals, cut off: "12:03:14",
/// "12:03:14.220418".
QString clockTime(std::chrono::nanoseconds sinceEpoch, int decimals);
/// Local date and time, for titles and reports: "2026-11-23 12:03:14.220".
QString dateTime(WallTime time);
/// Running time as a clock: "00:03:12".
QString elapsed(std::chrono::nanoseconds value);
/// An interval as people set it, without trailing zeros: "0 ms", "20 ms", "1.5 s", "1 min".
QString interval(std::chrono::nanoseconds value);
/// "10.0 frames/s".
QString framesPerSecond(double value);
/// "×1", "×0.5", "×10".
QString speed(double factor);

/// For tables and legends: "timer", "notifier", "posted events" …
QString handlerKind(HandlerKind kind);
/// "precise", "coarse", "very coarse".
QString timerType(Qt::TimerType type);
/// What Stall::id means: "timer 7", "timeout 3", "descriptor 12", "MetaCall event", "event type 1000"; empty
/// if it means nothing.
QString handlerId(HandlerKind kind, std::int64_t id);
/// Returns a name of another program in a form that is safe in a terminal, a log and a table: plainText()
/// with U+FFFD in place of control characters.
QString plain(const QString &name);
std::string plain(std::string_view utf8);
/// Returns \a text for a tooltip or a label that guesses whether a text is HTML, so that it shows \a text
/// unchanged.
QString literally(const QString &text);
/// A missing value.
QString none();

} // namespace Flywheel::Monitor::Format
