// SPDX-License-Identifier: MIT
#pragma once

#include <system_error>

namespace Flywheel {

/// Does the error mean that there is none left of something? It may work later.
bool isLackOfResources(std::error_code error);

/// What a user can do about an error of the kernel's, for a warning. Never empty.
const char *adviceFor(std::error_code error);

} // namespace Flywheel
