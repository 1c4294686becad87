// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Flywheel {

/// What the calling thread is called in the system; empty if that is what threads of the process are called
/// that have no name of their own, or is not known.
std::string systemThreadName();

} // namespace Flywheel
