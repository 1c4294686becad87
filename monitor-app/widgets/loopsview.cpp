// SPDX-License-Identifier: MIT
#include "loopsview.h"

#include "healthdelegate.h"
#include "sparklinedelegate.h"

#include <QtGui/qevent.h>
#include <QtWidgets/qheaderview.h>
#include <QtWidgets/qmenu.h>

namespace Flywheel::Monitor {

namespace {

Process *processAt(const QModelIndex &index)
{
    return index.data(ProcessRole).value<Process *>();
}

Loop *loopAt(const QModelIndex &index)
{
    return index.data(LoopRole).value<Loop *>();
}

} // namespace

LoopsView::LoopsView(Session &session, QWidget *parent) : QTreeView(parent), m_model(session)
{
    setModel(&m_model);
    setAccessibleName(tr("Programs and loops"));
    setItemDelegate(new HealthDelegate(this));
    setItemDelegateForColumn(LoopsModel::Trend, new SparkLineDelegate(SparkRole, this));
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setUniformRowHeights(true);
    setIndentation(14);
    setAllColumnsShowFocus(true);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(30);
    for (const int column : {LoopsModel::Queue, LoopsModel::Stalls})
        setColumnHidden(column, true);
    const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    header()->setSectionResizeMode(LoopsModel::Name, QHeaderView::Stretch);
    setColumnWidth(LoopsModel::State, 10 * digit);
    setColumnWidth(LoopsModel::Utilisation, 8 * digit);
    setColumnWidth(LoopsModel::HandlerP99, 9 * digit);
    setColumnWidth(LoopsModel::Trend, 7 * digit);

    connect(this, &QTreeView::clicked, this, &LoopsView::openProcess);
    connect(this, &QTreeView::activated, this, &LoopsView::openProcess);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &LoopsView::loopsSelected);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &LoopsView::loopsSelected);
    connect(&session, &Session::loopAdded, this, &LoopsView::selectFirstIfNone);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &LoopsView::showRows);
    showRows({}, 0, m_model.rowCount() - 1);
}

void LoopsView::showRows(const QModelIndex &parent, int first, int last)
{
    if (parent.isValid())
        return expand(parent);
    // A program has a name and a state, which the delegate writes behind it, but no figures.
    for (int row = first; row <= last; ++row)
        setFirstColumnSpanned(row, parent, true);
}

void LoopsView::refresh()
{
    m_model.refresh();
}

QList<Loop *> LoopsView::selectedLoops() const
{
    QList<Loop *> loops;
    for (const QModelIndex &index : selectionModel()->selectedRows())
        if (Loop *loop = loopAt(index))
            loops << loop;
    return loops;
}

Loop *LoopsView::currentLoop() const
{
    if (Loop *loop = loopAt(currentIndex()))
        return loop;
    const QList<Loop *> selected = selectedLoops();
    return selected.isEmpty() ? nullptr : selected.front();
}

void LoopsView::select(Loop *loop)
{
    const QModelIndex index = m_model.indexOf(loop);
    setCurrentIndex(index);
    scrollTo(index);
}

void LoopsView::selectFirstIfNone(Loop *loop)
{
    if (!currentLoop())
        select(loop);
}

void LoopsView::openProcess(const QModelIndex &index)
{
    Process *process = processAt(index);
    if (process && !loopAt(index) && process->state() == Process::State::Available)
        Q_EMIT attachRequested(process);
}

void LoopsView::addProcessEntries(QMenu &menu, Process *process)
{
    if (process->state() == Process::State::Available)
        menu.addAction(tr("&Attach"), this, [this, process] { Q_EMIT attachRequested(process); });
    else if (process->state() == Process::State::Ended)
        menu.addAction(tr("&Close"), this, [this, process] { Q_EMIT closeRequested(process); });
    else if (process->isAttached())
        menu.addAction(tr("&Detach"), this, [this, process] { Q_EMIT detachRequested(process); });
}

void LoopsView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKey ? currentIndex() : indexAt(viewport()->mapFromGlobal(event->globalPos()));
    if (!index.isValid())
        return;
    QMenu menu;
    if (Process *process = processAt(index))
        addProcessEntries(menu, process);
    if (Loop *loop = loopAt(index))
        menu.addAction(tr("&Thresholds…"), this, [this, loop] { Q_EMIT thresholdsRequested(loop); });
    if (!menu.isEmpty())
        menu.exec(byKey ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos());
}

} // namespace Flywheel::Monitor
