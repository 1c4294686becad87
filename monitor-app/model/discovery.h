// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/publishers.h"

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <vector>

namespace Flywheel::Monitor {

/// Finds the programs of this user that publish. Looks at start() and then once a second.
class Discovery : public QObject
{
    Q_OBJECT

public:
    explicit Discovery(QObject *parent = nullptr);

    void start();
    void stop();
    /// The result of the last look, ascending by process id.
    const std::vector<Telemetry::Publisher> &publishers() const { return m_publishers; }
    /// Looks now.
    void refresh();

Q_SIGNALS:
    /// After a look: disappeared() for each program that has gone, then appeared() for each new one, then
    /// changed().
    void disappeared(const Flywheel::Telemetry::Publisher &publisher);
    void appeared(const Flywheel::Telemetry::Publisher &publisher);
    void changed();

private:
    QTimer m_timer;
    std::vector<Telemetry::Publisher> m_publishers;
};

} // namespace Flywheel::Monitor
