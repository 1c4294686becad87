// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/publishers.h"

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <vector>

namespace Flywheel::Monitor {

/// The programs of this user that publish now. Looks once a second, and at once when started.
class Discovery : public QObject
{
    Q_OBJECT

public:
    explicit Discovery(QObject *parent = nullptr);

    void start();
    void stop();
    /// As of the last look, ascending by process id.
    const std::vector<Telemetry::Publisher> &publishers() const { return m_publishers; }
    /// Looks now.
    void refresh();

Q_SIGNALS:
    /// First all that have gone, then all that have come, then changed().
    void disappeared(const Flywheel::Telemetry::Publisher &publisher);
    void appeared(const Flywheel::Telemetry::Publisher &publisher);
    void changed();

private:
    QTimer m_timer;
    std::vector<Telemetry::Publisher> m_publishers;
};

} // namespace Flywheel::Monitor
