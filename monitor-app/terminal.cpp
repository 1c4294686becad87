// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <algorithm>

#include <sys/ioctl.h>
#include <unistd.h>

namespace Flywheel::Monitor {

TerminalSize terminalSize()
{
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return {size.ws_col, size.ws_row};
    const int columns = qEnvironmentVariableIntValue("COLUMNS");
    return {columns > 0 ? std::min(columns, 1000) : 80, 0};
}

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
