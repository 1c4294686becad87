// SPDX-License-Identifier: MIT
#include "timeinput.h"

#include "model/format.h"
#include "plotoverlay.h"

#include <QtGui/qevent.h>
#include <QtWidgets/qapplication.h>
#include <QtWidgets/qtooltip.h>
#include <QtWidgets/qwidget.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace Flywheel::Monitor {

namespace {

constexpr int KeySteps = 100;        ///< key presses from one end of a chart to the other
constexpr double ZoomPerNotch = 0.8; ///< of the visible span, a notch of the wheel
constexpr double PanPerNotch = 0.1;
constexpr double NotchAngle = 120; ///< QWheelEvent's documentation

} // namespace

TimeInput::TimeInput(QWidget *surface, TimeScope &scope, const PlotOverlay &overlay,
                     std::function<QRectF()> plot)
    : QObject(surface)
    , m_surface(surface)
    , m_scope(scope)
    , m_overlay(overlay)
    , m_plot(std::move(plot))
{
    surface->setMouseTracking(true);
    surface->installEventFilter(this);
}

Time TimeInput::timeAt(const QPointF &position) const
{
    const QRectF plot = m_plot();
    return m_overlay.timeOf(std::clamp(position.x(), plot.left(), plot.right()), plot);
}

bool TimeInput::eventFilter(QObject *, QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        return press(static_cast<QMouseEvent &>(*event));
    case QEvent::MouseMove:
        return move(static_cast<QMouseEvent &>(*event));
    case QEvent::MouseButtonRelease:
        return release(static_cast<QMouseEvent &>(*event));
    case QEvent::MouseButtonDblClick:
        m_scope.resetZoom();
        return true;
    case QEvent::Wheel:
        return wheel(static_cast<QWheelEvent &>(*event));
    case QEvent::KeyPress:
        return key(static_cast<QKeyEvent &>(*event));
    case QEvent::Leave:
        m_scope.setCursor(std::nullopt);
        return false;
    case QEvent::ToolTip: {
        const auto &help = static_cast<QHelpEvent &>(*event);
        return toolTip(help.pos(), help.globalPos());
    }
    default:
        return false;
    }
}

bool TimeInput::press(const QMouseEvent &event)
{
    if (event.button() != Qt::LeftButton)
        return false;
    m_pressedAt = event.position();
    m_dragging = false;
    m_anchor.reset();
    return true;
}

bool TimeInput::move(const QMouseEvent &event)
{
    const QRectF plot = m_plot();
    const bool inside = event.position().x() >= plot.left() && event.position().x() <= plot.right();
    m_scope.setCursor(inside || m_pressedAt ? std::optional(timeAt(event.position())) : std::nullopt);
    m_surface->setCursor(m_overlay.markAt(event.position(), plot) ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (!m_pressedAt)
        return true;
    m_dragging |= std::abs(event.position().x() - m_pressedAt->x()) >= QApplication::startDragDistance();
    if (m_dragging)
        m_scope.select(timeAt(*m_pressedAt), timeAt(event.position()));
    return true;
}

bool TimeInput::release(const QMouseEvent &event)
{
    if (event.button() != Qt::LeftButton || !m_pressedAt)
        return false;
    const QPointF pressedAt = *std::exchange(m_pressedAt, std::nullopt);
    if (std::exchange(m_dragging, false))
        return true;
    if (const TimeMark *mark = m_overlay.markAt(pressedAt, m_plot()))
        Q_EMIT markClicked(mark->time);
    else
        Q_EMIT clicked(pressedAt);
    return true;
}

/// A wheel that tilts, a touch pad, and Shift move sideways, as in other programs.
bool TimeInput::wheel(const QWheelEvent &event)
{
    const QPointF notches = QPointF(event.angleDelta()) / NotchAngle;
    const bool isShifted = event.modifiers() & Qt::ShiftModifier;
    const double sideways = isShifted && notches.x() == 0 ? notches.y() : notches.x();
    if (sideways != 0)
        m_scope.panBy(-shareOfVisible(sideways * PanPerNotch));
    else if (notches.y() != 0)
        m_scope.zoomBy(std::pow(ZoomPerNotch, notches.y()), timeAt(event.position()));
    return true;
}

Duration TimeInput::shareOfVisible(double share) const
{
    return std::chrono::duration_cast<Duration>(m_scope.visible().length() * share);
}

bool TimeInput::key(const QKeyEvent &event)
{
    const bool selecting = event.modifiers() & Qt::ShiftModifier;
    switch (event.key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int direction = event.key() == Qt::Key_Left ? -1 : 1;
        if (event.modifiers() & Qt::ControlModifier)
            m_scope.panBy(shareOfVisible(direction * PanPerNotch));
        else
            moveCursorBy(direction, selecting);
        return true;
    }
    case Qt::Key_Return: {
        const auto cursor = m_scope.cursor();
        const auto near =
            std::find_if(m_overlay.marks.begin(), m_overlay.marks.end(), [&](const TimeMark &mark) {
                return cursor &&
                       std::chrono::abs(mark.time - *cursor) <= m_scope.visible().length() / KeySteps;
            });
        if (near == m_overlay.marks.end())
            return false;
        Q_EMIT markClicked(near->time);
        return true;
    }
    default:
        return false;
    }
}

void TimeInput::moveCursorBy(int steps, bool selecting)
{
    const TimeSpan visible = m_scope.visible();
    const Time before = m_scope.cursor().value_or(visible.end);
    const Time after = std::clamp(before + steps * visible.length() / KeySteps, visible.begin, visible.end);
    m_scope.setCursor(after);
    if (!selecting)
        return m_anchor.reset();
    m_anchor = m_anchor.value_or(before);
    m_scope.select(*m_anchor, after);
}

bool TimeInput::toolTip(const QPoint &position, const QPoint &global)
{
    const QString text = m_overlay.toolTipAt(position, m_plot());
    if (text.isEmpty())
        return false;
    QToolTip::showText(global, Format::literally(text), m_surface);
    return true;
}

} // namespace Flywheel::Monitor
