// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qsize.h>

QT_BEGIN_NAMESPACE
class QDockWidget;
class QMainWindow;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// Gives a list at the left and tables below their share of a window of any size, until somebody drags an
/// edge: from then on they keep their sizes, except that the list never takes more than two fifths.
class DockProportions : public QObject
{
    Q_OBJECT
public:
    DockProportions(QMainWindow *window, QDockWidget *left, QDockWidget *bottom);

    /// The sizes of the moment are somebody's choice.
    void keep() { m_isChosen = true; }
    bool isKept() const { return m_isChosen; }

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void apply();
    QSize sizes() const;
    int wantedWidth() const;
    int wantedHeight() const;

    QMainWindow *m_window;
    QDockWidget *m_left;
    QDockWidget *m_bottom;
    QSize m_pressedAt; ///< the sizes when the mouse was pressed
    bool m_isChosen = false;
};

} // namespace Flywheel::Monitor
