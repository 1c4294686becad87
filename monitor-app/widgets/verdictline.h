// SPDX-License-Identifier: MIT
#pragma once

#include "model/health.h"

#include <QtWidgets/qwidget.h>

namespace Flywheel::Monitor {

/// One line of words, with a dot in the colour of the health that it tells of. Where room is
/// short, names give way to figures; the tooltip has the whole text.
class VerdictLine : public QWidget
{
    Q_OBJECT
public:
    explicit VerdictLine(QWidget *parent = nullptr);

    /// \a known: false greys the dot, for nothing can be said yet.
    void setVerdict(const QString &text, Health health, bool known);
    QString text() const { return m_text; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void clicked();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    QString m_text;
    Health m_health = Health::Good;
    bool m_known = false;
};

/// As much of \a verdict as fits in \a room pixels. First goes what follows a semicolon, then the middle of
/// the name at the end; figures stand before it and stay.
QString fittingVerdict(const QString &verdict, int room, const QFontMetrics &metrics);

} // namespace Flywheel::Monitor
