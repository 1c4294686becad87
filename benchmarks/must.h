// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

#include <cerrno>
#include <cstring>

namespace Flywheel::Bench {

/// The result of a system call that a measurement can't go on without: ends the process if it failed.
template <typename Result>
Result must(Result result, const char *what)
{
    if (result < 0)
        qFatal("%s: %s", what, std::strerror(errno));
    return result;
}

} // namespace Flywheel::Bench
