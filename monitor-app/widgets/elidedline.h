// SPDX-License-Identifier: MIT
#pragma once

#include <QtWidgets/qwidget.h>

namespace Flywheel::Monitor {

/// A quiet line of text that is cut off where it does not fit; its tooltip has all of it.
class ElidedLine : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    void setText(const QString &text);
    QString text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
};

} // namespace Flywheel::Monitor
