// SPDX-License-Identifier: MIT
#include "actions.h"

#include <QtCore/qcoreapplication.h>
#include <QtWidgets/qlabel.h>
#include <QtWidgets/qmenu.h>
#include <QtWidgets/qtoolbar.h>
#include <QtWidgets/qtoolbutton.h>

namespace Flywheel::Monitor {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::Actions", text);
}

QToolButton *addMenuButton(QToolBar &bar, QAction *action, QMenu *menu)
{
    auto *button = new QToolButton(&bar);
    button->setDefaultAction(action);
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    QObject::connect(action, &QAction::triggered, button, &QToolButton::showMenu);
    bar.addWidget(button);
    return button;
}

void addStretch(QToolBar &bar)
{
    auto *stretch = new QWidget(&bar);
    stretch->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar.addWidget(stretch);
}

} // namespace

QAction *Actions::make(const QString &text, const QKeySequence &shortcut, const QString &toolTip,
                       bool checkable)
{
    auto *action = new QAction(text, m_window);
    action->setShortcut(shortcut);
    action->setCheckable(checkable);
    action->setToolTip(QStringLiteral("%1 (%2)").arg(toolTip, shortcut.toString(QKeySequence::NativeText)));
    m_window->addAction(action);
    return action;
}

Actions::Actions(QWidget *window) : m_window(window)
{
    attach = make(tr("Attach"), Qt::CTRL | Qt::Key_A, tr("Watch a program that publishes its loops"));
    demo = make(tr("Start the demo"), Qt::CTRL | Qt::Key_D, tr("Start flywheel-demo and attach to it"));
    record = make(tr("Record ●"), Qt::CTRL | Qt::Key_R, tr("Record what comes in to a file"), true);
    saveRecent = make(tr("Save the last 10 min…"), QKeySequence::Save,
                      tr("Save as a recording what came in during the last ten minutes"));
    open = make(tr("Open…"), QKeySequence::Open, tr("Open a recording"));
    exportView = make(tr("Export…"), Qt::CTRL | Qt::Key_E,
                      tr("Write the charts as a picture, or figures and stacks as data"));
    quit = make(tr("Quit"), Qt::CTRL | Qt::Key_Q, tr("Close the window"));

    auto *group = new QActionGroup(window);
    const std::array names{tr("10 s"), tr("1 min"), tr("10 min")};
    const std::array keys{Qt::ALT | Qt::Key_1, Qt::ALT | Qt::Key_2, Qt::ALT | Qt::Key_3};
    for (std::size_t i = 0; i < windows.size(); ++i) {
        windows[i] = make(names[i], QKeySequence(keys[i]), tr("Show the last %1").arg(names[i]), true);
        group->addAction(windows[i]);
    }
    pause = make(tr("Pause"), Qt::Key_Space, tr("Freeze the view; the monitor goes on collecting"), true);
    zoomIn = make(tr("Zoom in"), QKeySequence::ZoomIn, tr("Show less time"));
    zoomOut = make(tr("Zoom out"), QKeySequence::ZoomOut, tr("Show more time"));
    zoomReset = make(tr("Follow"), Qt::CTRL | Qt::Key_0, tr("End zooming and follow what comes in"));
    clearSelection =
        make(tr("Clear selection"), Qt::Key_Escape, tr("Show the figures of all that is visible again"));
    filter = make(tr("Filter tables"), QKeySequence::Find, tr("Type a text to filter the tables by"));

    const std::array tableNames{tr("Stalls"),   tr("Timers"),   tr("Receivers"),
                                tr("Findings"), tr("Culprits"), tr("Flames")};
    const std::array tableKeys{Qt::CTRL | Qt::Key_1, Qt::CTRL | Qt::Key_2, Qt::CTRL | Qt::Key_3,
                               Qt::CTRL | Qt::Key_4, Qt::CTRL | Qt::Key_5, Qt::CTRL | Qt::Key_6};
    for (std::size_t i = 0; i < tables.size(); ++i)
        tables[i] = make(tableNames[i], QKeySequence(tableKeys[i]), tr("Go to “%1”").arg(tableNames[i]));
    timeline = make(tr("Timeline"), Qt::CTRL | Qt::Key_Y,
                    tr("Show or hide the single handlers of the selected loops"), true);
    unfold = make(tr("Queue depth and heat map"), Qt::CTRL | Qt::Key_M,
                  tr("Show or hide queue depth and heat map"), true);
    thresholds =
        make(tr("Thresholds…"), Qt::CTRL | Qt::Key_T, tr("Set when the loop counts as busy or unwell"));
    editor = make(tr("Editor…"), Qt::CTRL | Qt::SHIFT | Qt::Key_E,
                  tr("Set the editor that opens source files, and where they are"));
    copy = make(tr("Copy as text"), QKeySequence::Copy, tr("Copy the selected rows, fit for a bug report"));
    findings = make(tr("No findings"), Qt::CTRL | Qt::Key_I, tr("What to look at, and what to do"));
    theme = make(tr("☾"), Qt::CTRL | Qt::Key_L, tr("Change between the dark and the light theme"));
    help = make(tr("Help"), Qt::Key_F1, tr("Keys and what the views mean"));
}

void Actions::fill(QToolBar &bar, QMenu *programs) const
{
    addMenuButton(bar, attach, programs);
    bar.addAction(record);
    bar.addAction(open);
    addStretch(bar);
    for (QAction *window : windows)
        bar.addAction(window);
    bar.addAction(pause);
    bar.addAction(zoomReset);
    bar.addAction(timeline);
    addStretch(bar);
    bar.addAction(findings);
    bar.addAction(theme);

    auto *more = new QMenu(&bar);
    more->addActions({demo, saveRecent, exportView, copy, thresholds, editor});
    more->addSeparator();
    more->addActions({zoomIn, zoomOut, zoomReset, clearSelection, filter, timeline, unfold});
    more->addSeparator();
    for (QAction *table : tables)
        more->addAction(table);
    more->addSeparator();
    more->addActions({help, quit});
    auto *menu = new QAction(tr("☰"), &bar);
    menu->setShortcut(Qt::Key_F10);
    menu->setToolTip(tr("More commands (%1)").arg(menu->shortcut().toString(QKeySequence::NativeText)));
    addMenuButton(bar, menu, more);
    bar.window()->addAction(menu);
}

} // namespace Flywheel::Monitor
