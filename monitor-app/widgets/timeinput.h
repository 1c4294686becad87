// SPDX-License-Identifier: MIT
#pragma once

#include "timescope.h"

#include <QtCore/qobject.h>
#include <QtCore/qpoint.h>

#include <functional>

QT_BEGIN_NAMESPACE
class QKeyEvent;
class QMouseEvent;
class QWheelEvent;
class QWidget;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

struct PlotOverlay;

/// Pointer and keys on a chart over time: hovering moves the shared cursor, dragging selects, the wheel
/// zooms, sideways or with Shift it moves, a double click resets, a click on a mark tells. Arrow keys do what
/// the pointer does: with Shift they select, with Ctrl they move what is visible.
class TimeInput : public QObject
{
    Q_OBJECT
public:
    /// Filters the events of \a surface, its parent. \a plot tells where the curves are now. All three
    /// outlive it.
    TimeInput(QWidget *surface, TimeScope &scope, const PlotOverlay &overlay, std::function<QRectF()> plot);

    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    void markClicked(std::chrono::nanoseconds time);
    /// Where no mark is.
    void clicked(const QPointF &position);

private:
    bool press(const QMouseEvent &event);
    bool move(const QMouseEvent &event);
    bool release(const QMouseEvent &event);
    bool wheel(const QWheelEvent &event);
    bool key(const QKeyEvent &event);
    bool toolTip(const QPoint &position, const QPoint &global);
    void moveCursorBy(int steps, bool selecting);
    Time timeAt(const QPointF &position) const;
    /// \a share of what is visible.
    Duration shareOfVisible(double share) const;

    QWidget *m_surface;
    TimeScope &m_scope;
    const PlotOverlay &m_overlay;
    std::function<QRectF()> m_plot;
    std::optional<QPointF> m_pressedAt;
    bool m_dragging = false;
    std::optional<Time> m_anchor; ///< where a selection by keys began
};

} // namespace Flywheel::Monitor
