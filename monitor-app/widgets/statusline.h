// SPDX-License-Identifier: MIT
#pragma once

#include "model/session.h"

#include <QtWidgets/qlabel.h>
#include <QtWidgets/qstatusbar.h>

namespace Flywheel::Monitor {

/// attached · 10.0 frames/s · 0 lost · recording 00:03:12, 4.10 MB
class StatusLine : public QStatusBar
{
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);

    /// \a process: whose loop the charts show; null if none.
    void show(const Session &session, const Process *process, bool paused);
    QString text() const { return m_text->text(); }

private:
    QLabel *m_text;
};

} // namespace Flywheel::Monitor
