// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <unistd.h>

namespace Flywheel::Monitor {

void print(std::FILE *file, const QString &text)
{
    std::fputs(text.toLocal8Bit().constData(), file);
    std::fflush(file);
}

void clearTerminal()
{
    if (::isatty(STDOUT_FILENO))
        print(stdout, QStringLiteral("\x1b[H\x1b[J"));
}

void leaveOwnTerminal() {}

} // namespace Flywheel::Monitor
