// SPDX-License-Identifier: MIT
#pragma once

#include "platform/windows/windows.h"

#include <cstdio>
#include <cstdlib>

namespace Flywheel::Test {

/// Descriptors are ints inside.
inline SOCKET toSocket(int fd)
{
    return static_cast<SOCKET>(fd);
}

/// Aborts unless a \a call of Winsock has succeeded.
inline void check(bool succeeded, const char *call)
{
    if (!succeeded) {
        std::fprintf(stderr, "%s: error %d\n", call, ::WSAGetLastError());
        std::abort();
    }
}

} // namespace Flywheel::Test
