// SPDX-License-Identifier: MIT
#include "dockproportions.h"

#include <QtCore/qcoreevent.h>
#include <QtGui/qfontmetrics.h>
#include <QtWidgets/qdockwidget.h>
#include <QtWidgets/qmainwindow.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr int MostDigits = 74; ///< that the list has any use for

} // namespace

DockProportions::DockProportions(QMainWindow *window, QDockWidget *left, QDockWidget *bottom)
    : QObject(window)
    , m_window(window)
    , m_left(left)
    , m_bottom(bottom)
{
    window->installEventFilter(this);
}

bool DockProportions::eventFilter(QObject *, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Resize:
    case QEvent::Show:
        apply();
        break;
    case QEvent::MouseButtonPress: // edges between docks belong to the window itself
        m_pressedAt = sizes();
        break;
    case QEvent::MouseButtonRelease:
        m_isChosen = m_isChosen || m_pressedAt != sizes();
        break;
    default:
        break;
    }
    return false;
}

QSize DockProportions::sizes() const
{
    return {m_left->width(), m_bottom->height()};
}

int DockProportions::wantedWidth() const
{
    const int digit = m_window->fontMetrics().horizontalAdvance(QLatin1Char('0'));
    return std::min(m_window->width() * 32 / 100, MostDigits * digit);
}

/// At 1080 lines of pixels ten rows, with tabs and titles.
int DockProportions::wantedHeight() const
{
    const int row = m_window->fontMetrics().height() + 6;
    return std::clamp(m_window->height() * 30 / 100, 5 * row, 14 * row);
}

void DockProportions::apply()
{
    const int most = m_window->width() * 40 / 100;
    if (!m_isChosen) {
        m_window->resizeDocks({m_left}, {wantedWidth()}, Qt::Horizontal);
        m_window->resizeDocks({m_bottom}, {wantedHeight()}, Qt::Vertical);
    } else if (m_left->width() > most) {
        m_window->resizeDocks({m_left}, {most}, Qt::Horizontal);
    }
}

} // namespace Flywheel::Monitor
