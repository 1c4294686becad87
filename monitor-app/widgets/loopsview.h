// SPDX-License-Identifier: MIT
#pragma once

#include "model/loopsmodel.h"

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
    /// The one that the charts show: the current row if it is a loop's, or else the first selected.
    Loop *currentLoop() const;
    void select(Loop *loop);

Q_SIGNALS:
    void attachRequested(Flywheel::Monitor::Process *process);
    void detachRequested(Flywheel::Monitor::Process *process);
    void closeRequested(Flywheel::Monitor::Process *process);
    void thresholdsRequested(Flywheel::Monitor::Loop *loop);
    void loopsSelected();

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void showRows(const QModelIndex &parent, int first, int last);
    void openProcess(const QModelIndex &index);
    void selectFirstIfNone(Loop *loop);
    void addProcessEntries(QMenu &menu, Process *process);

    LoopsModel m_model;
};

} // namespace Flywheel::Monitor
