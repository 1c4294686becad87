// SPDX-License-Identifier: MIT
#include "platform/threadname.h"

namespace Flywheel {

/// Qt names threads of Windows for debuggers; they have no name unless the program gives them one.
std::string systemThreadName()
{
    return {};
}

std::string systemThreadName(std::uint64_t)
{
    return {};
}

} // namespace Flywheel
