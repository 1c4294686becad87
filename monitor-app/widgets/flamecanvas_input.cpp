// SPDX-License-Identifier: MIT
// How mouse and keyboard move in a flame graph.
#include "flamecanvas.h"
#include "model/flametext.h"
#include "model/format.h"

#include <QtGui/qevent.h>
#include <QtWidgets/qscrollbar.h>
#include <QtWidgets/qtooltip.h>

#include <algorithm>

namespace Flywheel::Monitor {

void FlameCanvas::zoomTo(int node)
{
    if (node == m_zoomed)
        return;
    m_history.push_back(m_zoomed);
    m_zoomed = node;
    setCurrent(node);
    placeScrollBar();
}

void FlameCanvas::goBack()
{
    if (m_history.empty())
        return;
    m_zoomed = m_history.back();
    m_history.pop_back();
    placeScrollBar();
    reveal(m_current);
    viewport()->update();
    Q_EMIT currentChanged();
}

void FlameCanvas::showAll()
{
    while (canGoBack())
        goBack();
}

void FlameCanvas::setCurrent(int node)
{
    m_current = node;
    m_hovered.reset();
    viewport()->update();
    setAccessibleDescription(flameLine(m_graph, node, m_zoomed));
    Q_EMIT currentChanged();
}

void FlameCanvas::setHovered(std::optional<int> node)
{
    if (node == m_hovered)
        return;
    m_hovered = node;
    viewport()->update();
    Q_EMIT currentChanged();
}

void FlameCanvas::reveal(int node)
{
    const QRectF box = rectOf(node);
    if (box.isEmpty())
        return;
    const int above = int(std::min(box.top(), 0.0));
    const int below = int(std::max(box.bottom() - viewport()->height(), 0.0));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + above + below);
}

/// Up and down through the calls, left and right to their neighbours.
void FlameCanvas::moveCurrent(int key)
{
    const FlameNode &at = m_graph.at(m_current);
    int next = m_current;
    if (key == Qt::Key_Up && !at.children.empty()) {
        next = at.children.front();
        // Below what is zoomed to there is one way up.
        if (m_current != m_zoomed && leadsToZoomed(m_current))
            next = *std::find_if(at.children.begin(), at.children.end(),
                                 [this](int child) { return leadsToZoomed(child); });
    } else if (key == Qt::Key_Down && m_current > 0) {
        next = at.parent;
    } else if ((key == Qt::Key_Left || key == Qt::Key_Right) && m_current > 0 && !leadsToZoomed(m_current)) {
        const std::vector<int> &row = m_graph.at(at.parent).children;
        const auto place = std::find(row.begin(), row.end(), m_current) - row.begin();
        const auto last = std::ptrdiff_t(row.size()) - 1;
        next = row[std::size_t(std::clamp<std::ptrdiff_t>(place + (key == Qt::Key_Left ? -1 : 1), 0, last))];
    }
    setCurrent(next);
    reveal(next);
}

void FlameCanvas::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
        return moveCurrent(event->key());
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return zoomTo(m_current);
    case Qt::Key_Escape:
    case Qt::Key_Backspace:
        return goBack();
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void FlameCanvas::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::BackButton)
        return goBack();
    const std::optional<int> node = nodeAt(event->position());
    if (!node)
        return;
    setCurrent(*node);
    if (event->button() == Qt::LeftButton)
        zoomTo(*node);
}

void FlameCanvas::mouseMoveEvent(QMouseEvent *event)
{
    setHovered(nodeAt(event->position()));
}

void FlameCanvas::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QPointF lowerLeft = rectOf(m_current).bottomLeft();
    const QPoint place(int(std::max(lowerLeft.x(), 0.0)), int(lowerLeft.y()));
    Q_EMIT menuRequested(byKey ? viewport()->mapToGlobal(place) : event->globalPos());
}

/// Esc is also the window's key to clear the selected span: here it goes back first.
bool FlameCanvas::event(QEvent *event)
{
    const bool isFocus = event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut;
    if (isFocus)
        viewport()->update();
    if (event->type() == QEvent::ShortcutOverride && canGoBack() &&
        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QAbstractScrollArea::event(event);
}

bool FlameCanvas::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave)
        setHovered({});
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *const help = static_cast<QHelpEvent *>(event);
    const std::optional<int> node = nodeAt(help->pos());
    if (node)
        QToolTip::showText(help->globalPos(), Format::literally(flameDetails(m_graph, *node, m_zoomed)),
                           viewport());
    else
        QToolTip::hideText();
    return true;
}

} // namespace Flywheel::Monitor
