// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qobject.h>
#include <QtGui/qaction.h>
#include <QtGui/qactiongroup.h>

#include <array>
#include <chrono>

QT_BEGIN_NAMESPACE
class QMenu;
class QToolBar;
class QWidget;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// All that one can do in the main window: each with a shortcut, and a tooltip that names it.
struct Actions
{
    static constexpr std::array Windows{std::chrono::seconds(10), std::chrono::seconds(60),
                                        std::chrono::seconds(600)};

    explicit Actions(QWidget *window);

    QAction *attach; ///< opens the menu of programs
    QAction *demo;
    QAction *record; ///< checked while recording
    QAction *saveRecent;
    QAction *open;
    QAction *exportView;
    QAction *quit;
    std::array<QAction *, 3> windows; ///< checked: the one that is shown
    QAction *pause;                   ///< checked while the view stands still
    QAction *zoomIn;
    QAction *zoomOut;
    QAction *zoomReset;
    QAction *clearSelection;
    QAction *filter;
    std::array<QAction *, 6> tables;
    QAction *timeline; ///< checked while the timeline is shown
    QAction *unfold;   ///< checked while queue depth and heat map are shown
    QAction *thresholds;
    QAction *editor;
    QAction *copy;
    QAction *findings;
    QAction *theme;
    QAction *help;

    /// Puts the main ones on \a bar, the others are reached by the menu at its end and by keys. \a programs:
    /// of the attach action.
    void fill(QToolBar &bar, QMenu *programs) const;

private:
    QAction *make(const QString &text, const QKeySequence &shortcut, const QString &toolTip,
                  bool checkable = false);

    QWidget *m_window;
};

} // namespace Flywheel::Monitor
