// SPDX-License-Identifier: MIT
#pragma once

#include "model/session.h"

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

namespace Flywheel::Monitor {

/// Attaches to the programs that publish when the monitor starts, so that one sees at once how they do. Once
/// only: what appears later, and what was detached from, is attached to by a click.
class StartChoice : public QObject
{
    Q_OBJECT
public:
    /// More programs than these are left to choose from.
    static constexpr int Most = 8;

    explicit StartChoice(Session &session, QObject *parent = nullptr);

private:
    void choose();

    Session &m_session;
    QTimer m_wait; ///< until all that publish have been found
};

} // namespace Flywheel::Monitor
