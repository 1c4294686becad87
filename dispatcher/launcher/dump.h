// SPDX-License-Identifier: MIT
#pragma once

#include "journal/recordedprocess.h"

#include <optional>
#include <string>
#include <vector>

/// What flywheel-run --dump shows of a process: straight from its journals, without its help.
namespace Flywheel::Preload {

/// The one that \a wanted means: its process id or JournalName::process, or the path of a journal. One that
/// lives comes before dead ones of that number, and of these the last one.
std::optional<RecordedProcess> findProcess(const std::string &wanted);

/// A list of \a processes, one line each.
std::string listOf(const std::vector<RecordedProcess> &processes);
/// What runs, the slowest handlers, and the last \a most ones of each loop.
std::string textOf(const RecordedProcess &process, std::size_t most);
/// The same for ui.perfetto.dev and chrome://tracing: the Trace Event Format, all handlers.
std::string traceOf(const RecordedProcess &process);

/// Does what the command line asks for; returns the exit code. Empty: not given.
int dump(const std::string &process, const std::string &file);

} // namespace Flywheel::Preload
