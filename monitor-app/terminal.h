// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <cstdio>
#include <functional>

/// The terminal that the program was started from, and the files and pipes that may stand in its place.
namespace Flywheel::Monitor {

/// How much a terminal shows at once.
struct TerminalSize
{
    int columns;
    int rows; ///< 0: no limit, since standard output is no terminal
};
/// Of standard output; 80 columns where it is no terminal and COLUMNS is not set.
TerminalSize terminalSize();

/// To stdout or stderr, at once. Returns false if it cannot be written, as to a closed pipe or a full disk.
bool print(std::FILE *file, const QString &text);

/// Makes room for the next table; does nothing where standard output is no terminal.
void clearTerminal();

/// Calls \a end from the event loop of the application object when the user presses Ctrl+C, or the system
/// asks the program to end. The second time ends it at once. Call it once.
void callWhenAskedToEnd(const std::function<void()> &end);

/// Called when a window is to open: a terminal that the system opened for this program alone goes away.
void leaveOwnTerminal();

} // namespace Flywheel::Monitor
