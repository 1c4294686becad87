// SPDX-License-Identifier: MIT
#pragma once

#include "model/limit.h"
#include "model/timespan.h"
#include "widgets/theme.h"

#include <QtCore/qlist.h>
#include <QtCore/qsize.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <chrono>
#include <optional>

namespace Flywheel::Monitor {

class Replay;

/// What flywheel-monitor was asked to do.
struct CommandLine
{
    QString target;                                 ///< process id or program name; empty: none
    QString socket;                                 ///< of a program that is somewhere else; empty: none
    QStringList relay;                              ///< a command that reaches such a program; empty: none
    QString place;                                  ///< where that program is, for people
    QString recording;                              ///< a file; empty: live programs
    bool text = false;                              ///< a table in the terminal instead of a window
    bool crashed = false;                           ///< a program that has died: target, or the last one
    bool all = false;                               ///< all rows, whatever the terminal's size
    QString exportFile;                             ///< file to write a recording's data to; empty: none
    QString screenshot;                             ///< file to write; empty: none
    std::optional<std::chrono::milliseconds> after; ///< when to print or to write, and then end
    std::optional<Theme::Kind> theme;
    QSize size; ///< of the window; invalid: as remembered
    std::optional<std::chrono::seconds> window;

    // To watch without a window:
    QString record;                                    ///< file to record to; empty: none
    std::optional<std::chrono::milliseconds> duration; ///< how long to watch; none: until the program ends
    QList<Limit> limits;
    bool json = false; ///< figures for programs

    /// The part of a recording to tell of: as much of its end as was asked for, and as is loaded at most.
    TimeSpan partOf(const Replay &replay) const;
    bool isWatch() const { return json || !record.isEmpty() || !limits.isEmpty() || duration; }

    /// The end of the program instead of its start.
    struct Exit
    {
        int code;
        QString text; ///< for stdout if the code is 0, for stderr otherwise
    };

    /// Fills \a commandLine in from \a arguments, the program's name first; or tells how to end.
    static std::optional<Exit> parse(const QStringList &arguments, CommandLine &commandLine);
};

} // namespace Flywheel::Monitor
