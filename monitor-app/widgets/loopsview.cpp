// SPDX-License-Identifier: MIT
#include "loopsview.h"

#include "healthdelegate.h"
#include "loopchoice.h"
#include "model/loopcells.h"
#include "sparklinedelegate.h"

#include <QtGui/qevent.h>
#include <QtWidgets/qheaderview.h>
#include <QtWidgets/qmenu.h>
#include <QtWidgets/qstyle.h>

#include <algorithm>

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

LoopsView::LoopsView(Session &session, QWidget *parent)
    : QTreeView(parent)
    , m_session(session)
    , m_model(session)
{
    m_sorted.setSourceModel(&m_model);
    m_sorted.setSortRole(SortRole);
    setModel(&m_sorted);
    setAccessibleName(tr("Programs and loops"));
    setItemDelegate(new HealthDelegate(this));
    setItemDelegateForColumn(LoopsModel::Trend, new SparkLineDelegate(SparkRole, this));
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setTextElideMode(Qt::ElideMiddle);
    setUniformRowHeights(true);
    setIndentation(14);
    setAllColumnsShowFocus(true);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(30);
    header()->setSortIndicator(-1, Qt::AscendingOrder); // as they were found
    setSortingEnabled(true);
    fitColumns();

    connect(this, &QTreeView::clicked, this, &LoopsView::openProcess);
    connect(this, &QTreeView::activated, this, &LoopsView::openProcess);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &LoopsView::loopsSelected);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &LoopsView::loopsSelected);
    connect(&session, &Session::loopAdded, this, [this] {
        m_sinceNewLoop.start();
        showWorst();
    });
    connect(&m_sorted, &QAbstractItemModel::rowsInserted, this, &LoopsView::showRows);
    showRows({}, 0, m_sorted.rowCount() - 1);
}

/// What the State column needs for the widest word, with its dot, margins and padding.
int LoopsView::stateWidth() const
{
    QStringList words{LoopsModel::tr("ended stalled"), LoopsModel::tr("not measured"),
                      silenceText(std::chrono::seconds(59))};
    for (const Health health : {Health::Good, Health::Busy, Health::Unwell})
        words << healthText(health);
    int widest = 0;
    for (const QString &word : words)
        widest = std::max(widest, fontMetrics().horizontalAdvance(HealthDelegate::withDot(word)));
    return widest + 2 * (style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, this) + 1);
}

/// What a narrow list can't show is left out, the least important first.
void LoopsView::fitColumns()
{
    struct Width
    {
        LoopsModel::Column column;
        int digits;
    };
    // Names are elided in the middle: how a loop does and how busy it is may take from them, the rest not.
    constexpr int LeastNameDigits = 10;
    constexpr int NameDigits = 16;
    constexpr Width Widths[] = {{LoopsModel::Stalls, 14},
                                {LoopsModel::HandlerP99, 8},
                                {LoopsModel::Trend, 7},
                                {LoopsModel::Queue, 7}};
    const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    const int state = stateWidth();
    const int busy = 6 * digit;
    header()->setSectionResizeMode(LoopsModel::Name, QHeaderView::Stretch);
    setColumnWidth(LoopsModel::State, state);
    setColumnWidth(LoopsModel::Utilisation, busy);
    int room = viewport()->width() - state - busy;
    setColumnHidden(LoopsModel::Utilisation, room < LeastNameDigits * digit);
    room -= NameDigits * digit;
    for (const Width &each : Widths) {
        room -= each.digits * digit;
        setColumnHidden(each.column, room < 0);
        setColumnWidth(each.column, each.digits * digit);
    }
}

void LoopsView::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    fitColumns();
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
    constexpr qint64 FirstFigures = 3000; ///< milliseconds
    if (m_sinceNewLoop.isValid() && m_sinceNewLoop.elapsed() < FirstFigures)
        showWorst();
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
        return m_shown = loop;
    if (const Process *process = currentProcess()) {
        if (m_shown && &m_shown->process() == process)
            return m_shown;
        std::vector<Loop *> loops;
        for (const auto &loop : process->loops())
            loops.push_back(loop.get());
        return m_shown = worstOf(loops);
    }
    const QList<Loop *> selected = selectedLoops();
    return m_shown = selected.isEmpty() ? nullptr : selected.front();
}

Process *LoopsView::currentProcess() const
{
    return processAt(currentIndex());
}

void LoopsView::select(Loop *loop)
{
    m_isChosen = true;
    show(loop);
}

void LoopsView::show(Loop *loop)
{
    const QModelIndex index = m_sorted.mapFromSource(m_model.indexOf(loop));
    if (index == currentIndex())
        return;
    setCurrentIndex(index);
    scrollTo(index);
}

void LoopsView::showWorst()
{
    const bool isShown = currentLoop();
    if (m_isChosen && isShown)
        return;
    m_isChosen = false; // what was chosen has gone
    if (Loop *loop = worstOf(m_session.loops()))
        show(loop);
}

void LoopsView::mousePressEvent(QMouseEvent *event)
{
    m_isChosen = m_isChosen || loopAt(indexAt(event->position().toPoint()));
    QTreeView::mousePressEvent(event);
}

void LoopsView::keyPressEvent(QKeyEvent *event)
{
    m_isChosen = true;
    QTreeView::keyPressEvent(event);
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
