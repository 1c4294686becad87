// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Flywheel::Preload {

/// What the user of flywheel-run asked for.
struct CommandLine
{
    enum class Request { Run, Dump, Attach, Detach, Relay, Help, Version, Invalid };

    Request request = Request::Invalid;
    std::string error;        ///< Invalid: one line that says what is wrong and what to do.
    std::string poller;       ///< Empty: the dispatcher's choice.
    bool glib = false;        ///< Console programs and threads serve GLib's event sources.
    bool observe = false;     ///< Qt's dispatchers stay and are only recorded.
    bool stats = false;       ///< A summary on stderr when the program exits.
    bool noMetrics = false;   ///< Nothing is recorded.
    bool children = false;    ///< Child processes run on Flywheel too.
    std::string dumpProcess;  ///< Dump: whose handlers; empty: a list of the processes that have any.
    std::string dumpFile;     ///< Dump: where to; "-": all on stdout; empty: the last ones on stdout.
    std::string process;      ///< Attach, Detach, Relay: a process id or a program's name.
    char **program = nullptr; ///< Run: the program and its arguments, ended by a null pointer; part of argv.
};

/// \a argv as main() gets it. Options end at the first word that is not one, or after "--".
CommandLine parseCommandLine(char **argv);

extern const char helpText[];

} // namespace Flywheel::Preload
