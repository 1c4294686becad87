// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qsocketnotifier.h>

#include <algorithm>
#include <csignal>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace Flywheel::Monitor {

namespace {

int s_endPipe[2] = {-1, -1};

} // namespace

TerminalSize terminalSize()
{
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return {size.ws_col, size.ws_row};
    const int columns = qEnvironmentVariableIntValue("COLUMNS");
    return {columns > 0 ? std::min(columns, 1000) : 80, 0};
}

bool print(std::FILE *file, const QString &text)
{
    return std::fputs(text.toLocal8Bit().constData(), file) >= 0 && std::fflush(file) == 0;
}

void clearTerminal()
{
    if (::isatty(STDOUT_FILENO))
        print(stdout, QStringLiteral("\x1b[H\x1b[J"));
}

void callWhenAskedToEnd(const std::function<void()> &end)
{
    if (::pipe(s_endPipe) != 0)
        return; // then a signal ends the program at once
    for (const int fd : s_endPipe)
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    auto *const notifier =
        new QSocketNotifier(s_endPipe[0], QSocketNotifier::Read, QCoreApplication::instance());
    QObject::connect(notifier, &QSocketNotifier::activated, notifier, [notifier, end] {
        notifier->setEnabled(false);
        end();
    });
    struct sigaction action = {};
    action.sa_handler = [](int) { [[maybe_unused]] const auto written = ::write(s_endPipe[1], "", 1); };
    action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

void leaveOwnTerminal() {}

} // namespace Flywheel::Monitor
