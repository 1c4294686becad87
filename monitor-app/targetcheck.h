// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qstring.h>
#include <QtCore/qtimer.h>

namespace Flywheel::Monitor {

class Session;

/// Ends a program without a window, with CanNotWatch and one line, where the named program can't be watched:
/// after a while at the start, or at once when it refuses us.
class TargetCheck
{
public:
    static constexpr int CanNotWatch = 4; ///< exit code

    /// \a target: a process id or a name; empty: there is nothing to check.
    TargetCheck(const Session &session, const QString &target, std::chrono::milliseconds grace);
    /// Looks for the last time. Returns the exit code.
    int finish();

private:
    int look();

    const Session &m_session;
    const QString m_target;
    QDeadlineTimer m_deadline;
    QTimer m_timer;
};

} // namespace Flywheel::Monitor
