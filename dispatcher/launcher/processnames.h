// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How users of flywheel-run name a process that runs.
namespace Flywheel::Preload {

/// The first line of a file; empty if it cannot be read.
std::string firstLineOf(const std::string &file);
/// A positive decimal number and nothing else.
std::optional<std::int64_t> toProcessId(std::string_view text);
/// True if the process's executable file or the process itself has that name.
bool isCalled(std::int64_t processId, const std::string &name);
/// Returns the process whose id or name \a wanted is. If there is none, or several have that name, \a problem
/// says so.
std::int64_t findRunningProcess(const std::string &wanted, std::string &problem);

} // namespace Flywheel::Preload
