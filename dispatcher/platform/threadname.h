// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace Flywheel {

/// What the calling thread is called in the system; empty if that is what threads of the process are called
/// that have no name of their own, or is not known.
std::string systemThreadName();
/// The same of another thread of this process, by the system's number; empty where that can't be asked.
std::string systemThreadName(std::uint64_t threadId);

} // namespace Flywheel
