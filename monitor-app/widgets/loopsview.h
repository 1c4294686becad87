// SPDX-License-Identifier: MIT
#pragma once

#include "loopsproxy.h"
#include "model/loopsmodel.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qlist.h>
#include <QtCore/qpointer.h>
#include <QtWidgets/qtreeview.h>

namespace Flywheel::Monitor {

/// Programs and, below each, its loops. A click on a program that is not watched asks to attach.
class LoopsView : public QTreeView
{
    Q_OBJECT
public:
    explicit LoopsView(Session &session, QWidget *parent = nullptr);

    /// Takes in new figures.
    void refresh();
    QList<Loop *> selectedLoops() const;
    /// The one that the charts show: the current row's; on a program's row the loop of it that was shown
    /// before, or the one that does worst; or else the first selected.
    Loop *currentLoop() const;
    /// Of the current row; null if there is none.
    Process *currentProcess() const;
    /// Makes it the only one selected, and one that was chosen.
    void select(Loop *loop);

Q_SIGNALS:
    void attachRequested(Flywheel::Monitor::Process *process);
    void detachRequested(Flywheel::Monitor::Process *process);
    void closeRequested(Flywheel::Monitor::Process *process);
    void thresholdsRequested(Flywheel::Monitor::Loop *loop);
    void loopsSelected();

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void showRows(const QModelIndex &parent, int first, int last);
    void openProcess(const QModelIndex &index);
    void show(Loop *loop);
    void showWorst();
    int stateWidth() const;
    void fitColumns();
    void addProcessEntries(QMenu &menu, Process *process);

    Session &m_session;
    LoopsModel m_model;
    LoopsProxy m_sorted;
    mutable QPointer<Loop> m_shown;
    bool m_isChosen = false;      ///< somebody chose what is shown: it stays
    QElapsedTimer m_sinceNewLoop; ///< while it is short, figures of new loops decide what is shown
};

} // namespace Flywheel::Monitor
