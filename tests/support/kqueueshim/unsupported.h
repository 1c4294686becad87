// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <cstdlib>

namespace KqueueShim {

/// For use that the shim has no answer to: nobody is to lean on a guess.
[[noreturn]] inline void unsupported(const char *what)
{
    std::fprintf(stderr, "kqueue shim: not supported: %s\n", what);
    std::abort();
}

} // namespace KqueueShim
