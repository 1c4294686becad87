// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

/// The directory that the processes of one user share: the sockets of publishers and the journals of loops.
/// Who may be in it is checked each time before it is used. Any thread.
namespace Flywheel {

/// Returns $XDG_RUNTIME_DIR/flywheel, or /tmp/flywheel-<uid> if that variable is not an absolute path. The
/// directory need not exist.
std::string runtimeDirectory();
/// Returns /tmp/flywheel-<uid>: where processes look that know of no $XDG_RUNTIME_DIR.
std::string fallbackRuntimeDirectory();

/// Makes \a path a directory that only this user may enter, and checks that nobody else can replace it.
/// Returns an empty string, or why that failed.
std::string secureDirectory(const std::string &path);

/// Checks the same without making the directory. Returns an empty string if \a path is secure or does not
/// exist, otherwise why it is not secure.
std::string insecurityOfDirectory(const std::string &path);

/// True if there is such a process here, or if the system does not tell.
bool processExists(std::int64_t processId);

} // namespace Flywheel
