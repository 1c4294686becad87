// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journalfiles.h"
#include "journal/journalreader.h"

#include <optional>
#include <string>
#include <vector>

/// What flywheel-run --dump shows of a process: straight from its journals, without its help.
namespace Flywheel::Preload {

/// A process that has journals.
struct DumpedProcess
{
    std::string name; ///< JournalName::process
    bool lives = false;
    Instant readAt;
    std::vector<JournalContents> loops;
    std::vector<std::string> problems; ///< of files that can't be read: path and reason

    /// When it last did something.
    Instant lastSign() const;
};

/// The processes with files in \a directory that can be read, by number.
std::vector<DumpedProcess> processesIn(const std::string &directory);
/// The one that \a wanted means: its process id or JournalName::process, or the path of a journal. One that
/// lives comes before dead ones of that number, and of these the last one.
std::optional<DumpedProcess> findProcess(const std::string &wanted);

/// A list of \a processes, one line each.
std::string listOf(const std::vector<DumpedProcess> &processes);
/// What runs, the slowest handlers, and the last \a most ones of each loop.
std::string textOf(const DumpedProcess &process, std::size_t most);
/// The same for ui.perfetto.dev and chrome://tracing: the Trace Event Format, all handlers.
std::string traceOf(const DumpedProcess &process);

/// Does what the command line asks for; returns the exit code. Empty: not given.
int dump(const std::string &process, const std::string &file);

} // namespace Flywheel::Preload
