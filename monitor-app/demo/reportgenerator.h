// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <utility>

namespace Flywheel::Demo {

/// The fault that the demo is there to show: every 3 s a slot that blocks its loop for 120 ms.
class ReportGenerator : public QObject
{
    Q_OBJECT

public:
    explicit ReportGenerator(QObject *parent = nullptr);

    /// Reports since the last call.
    int takeReports() { return std::exchange(m_reports, 0); }

private:
    void generate();

    QTimer m_due;
    int m_reports = 0;
};

} // namespace Flywheel::Demo
