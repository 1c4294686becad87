// SPDX-License-Identifier: MIT
// A console takes UTF-16; files and pipes get UTF-8, because no code page of Windows has all that is printed.
#include "terminal.h"

#include "platform/windows/windows.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>
#include <atomic>
#include <optional>

#include <io.h>

namespace Flywheel::Monitor {

namespace {

std::function<void()> s_end;

struct Console
{
    HANDLE handle;
    DWORD mode;
};

std::optional<Console> consoleOf(std::FILE *file)
{
    Console console{reinterpret_cast<HANDLE>(::_get_osfhandle(::_fileno(file))), 0};
    if (!::GetConsoleMode(console.handle, &console.mode))
        return std::nullopt;
    return console;
}

} // namespace

TerminalSize terminalSize()
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    const auto console = consoleOf(stdout);
    if (console && ::GetConsoleScreenBufferInfo(console->handle, &info))
        return {info.srWindow.Right - info.srWindow.Left + 1, info.srWindow.Bottom - info.srWindow.Top + 1};
    const int columns = qEnvironmentVariableIntValue("COLUMNS");
    return {columns > 0 ? std::min(columns, 1000) : 80, 0};
}

bool print(std::FILE *file, const QString &text)
{
    if (const auto console = consoleOf(file)) {
        DWORD written = 0;
        return ::WriteConsoleW(console->handle, text.utf16(), static_cast<DWORD>(text.size()), &written,
                               nullptr);
    }
    return std::fputs(text.toUtf8().constData(), file) >= 0 && std::fflush(file) == 0;
}

void clearTerminal()
{
    const auto console = consoleOf(stdout);
    if (console && ::SetConsoleMode(console->handle, console->mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING))
        print(stdout, QStringLiteral("\x1b[H\x1b[J"));
}

void callWhenAskedToEnd(const std::function<void()> &end)
{
    s_end = end;
    ::SetConsoleCtrlHandler(
        [](DWORD) -> BOOL { // in a thread of its own
            static std::atomic<bool> s_wasAsked{false};
            if (s_wasAsked.exchange(true))
                return FALSE;
            QMetaObject::invokeMethod(QCoreApplication::instance(), [] { s_end(); });
            return TRUE;
        },
        TRUE);
}

void leaveOwnTerminal()
{
    DWORD first = 0;
    if (::GetConsoleProcessList(&first, 1) == 1)
        ::FreeConsole();
}

} // namespace Flywheel::Monitor
