// SPDX-License-Identifier: MIT
#include "tablesview.h"

#include "flameview.h"
#include "stackview.h"
#include "tableproxy.h"
#include "tableview.h"
#include "treeview.h"

#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qheaderview.h>
#include <QtWidgets/qlineedit.h>
#include <QtWidgets/qsplitter.h>
#include <QtWidgets/qtabbar.h>

#include <algorithm>
#include <limits>

namespace Flywheel::Monitor {

namespace {

constexpr int NarrowDigits = 90; ///< with less room, ids are left out for the receivers' sake
constexpr int LeastFilter = 8;   ///< in digits
constexpr int MostFilter = 26;

} // namespace

TablesView::TablesView(QWidget *parent)
    : QTabWidget(parent)
    , m_models{&m_stalls, &m_timers, &m_receivers, &m_findings, &m_culprits}
    , m_flames(new FlameView(m_names, this))
    , m_filter(new QLineEdit(this))
    , m_stack(new StackView(m_names, this))
    , m_culpritStack(new StackView(m_names, this))
{
    setDocumentMode(true);
    addTable(Stalls, tr("Stalls"), tr("Handlers that ran for too long, newest first (Ctrl+1)"),
             tr("No stall: no handler ran for longer than the loop's threshold."));
    addTable(Timers, tr("Timers"), tr("What each timer costs (Ctrl+2)"), tr("No timer has fired."),
             {{TimersModel::HandlerMean, tr("Mean")},
              {TimersModel::HandlerMax, tr("Max")},
              {TimersModel::LatenessP99, tr("Late p99")},
              {TimersModel::Share, tr("Share")}});
    addTable(Receivers, tr("Receivers"), tr("What each class costs (Ctrl+3)"), tr("No handler has run."));
    addTable(Findings, tr("Findings"), tr("What to look at, and what to do (Ctrl+4)"),
             {}); // says what showCounts() knows
    addCulprits();
    addTab(m_flames, tr("Flames"));
    setTabToolTip(Flames, tr("Where the threads were during the stalls, as a flame graph (Ctrl+6)"));
    m_tables[Timers]->setWidths(TimersModel::Object, {0, 10, 8, 8, 9, 8, 8, 8, 8});
    m_tables[Receivers]->setWidths(ReceiversModel::ClassName, {0, 12, 14, 10, 10, 10, 9});
    m_tables[Findings]->setWidths(FindingsModel::Cause, {12, 0, 26, 42});
    m_tables[Findings]->wrapText();
    m_tables[Timers]->sortByColumn(TimersModel::Share, Qt::DescendingOrder);
    m_tables[Receivers]->sortByColumn(ReceiversModel::Share, Qt::DescendingOrder);
    addFilter();
    connectViews();
}

void TablesView::addFilter()
{
    m_filter->setPlaceholderText(tr("filter (Ctrl+F)"));
    m_filter->setToolTip(tr("Shows only the rows that contain this text, and marks it in flames (Ctrl+F)"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    auto *corner = new QWidget(this);
    auto *margins = new QHBoxLayout(corner);
    margins->setContentsMargins(0, 1, 4, 1);
    margins->addWidget(m_filter);
    setCornerWidget(corner);
    for (TableProxy *proxy : m_proxies)
        connect(m_filter, &QLineEdit::textChanged, proxy, &TableProxy::setFilterFixedString);
    for (TableView *view : m_tables) {
        if (view)
            connect(m_filter, &QLineEdit::textChanged, view, &TableView::setFilterText);
    }
    connect(m_filter, &QLineEdit::textChanged, m_culpritsView, &TreeView::setFilterText);
    connect(m_filter, &QLineEdit::textChanged, m_flames, &FlameView::setFilterText);
}

void TablesView::connectViews()
{
    const auto rowChosen = [this](const QModelIndex &index) { tellStall(index); };
    connect(m_tables[Stalls], &QTableView::clicked, this, rowChosen);
    connect(m_tables[Stalls], &QTableView::activated, this, rowChosen);
    connect(m_culpritsView, &QTreeView::clicked, this, rowChosen);
    for (const QAbstractItemView *view : {static_cast<QAbstractItemView *>(m_tables[Stalls]),
                                          static_cast<QAbstractItemView *>(m_culpritsView)})
        connect(view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
                &TablesView::showStacks);
    connect(m_stack, &StackView::sourceRequested, this, &TablesView::sourceRequested);
    connect(m_culpritStack, &StackView::sourceRequested, this, &TablesView::sourceRequested);
    connect(m_flames, &FlameView::sourceRequested, this, &TablesView::sourceRequested);
    connect(m_tables[Findings], &QTableView::activated, this, &TablesView::tellFinding);
    connect(m_tables[Findings], &QTableView::clicked, this, &TablesView::tellFinding);
}

TableProxy *TablesView::addProxy(Table table)
{
    m_proxies[table] = new TableProxy(m_models[table], this);
    return m_proxies[table];
}

void TablesView::addTable(Table table, const QString &name, const QString &toolTip, const QString &empty,
                          const ShortTitles &shortTitles)
{
    TableProxy *const proxy = addProxy(table);
    for (const auto &[section, title] : shortTitles)
        proxy->setShortTitle(section, title);
    auto *view = new TableView(proxy, empty, this);
    m_tables[table] = view;
    view->setAccessibleName(name);
    addTab(table == Stalls ? besideStack(view, m_stack) : view, name);
    setTabToolTip(table, toolTip);
}

void TablesView::addCulprits()
{
    m_culpritsView = new TreeView(addProxy(Culprits),
                                  tr("No stall: no handler ran for longer than the loop's threshold."), this);
    m_culpritsView->setAccessibleName(tr("Culprits"));
    m_culpritsView->setWidths(CulpritsModel::Who, {0, 12, 14, 9, 10, 10, 14});
    m_culpritsView->setDispensable(
        {CulpritsModel::Worst, CulpritsModel::Count, CulpritsModel::Kind, CulpritsModel::Last});
    addTab(besideStack(m_culpritsView, m_culpritStack), tr("Culprits"));
    setTabToolTip(Culprits,
                  tr("Stalls by receiver, the most expensive first; each unfolds to its stalls (Ctrl+5)"));
}

/// Rows about stalls, and to their right the stack of the selected one.
QWidget *TablesView::besideStack(QWidget *rows, QWidget *stack)
{
    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(rows);
    splitter->addWidget(stack);
    splitter->setFocusProxy(rows);
    return splitter;
}

QModelIndexList TablesView::selectedRows(Table table) const
{
    const QAbstractItemView *view = m_tables[table];
    if (table == Culprits)
        view = m_culpritsView;
    return view->selectionModel()->selectedRows();
}

QHeaderView *TablesView::header(Table table) const
{
    return table == Culprits ? m_culpritsView->header() : m_tables[table]->horizontalHeader();
}

void TablesView::showStacks()
{
    const auto show = [this](Table table, const auto &model, StackView *stack) {
        const QModelIndexList rows = selectedRows(table);
        const Stall *const stall =
            rows.size() == 1 ? model.stallAt(m_proxies[table]->mapToSource(rows.first())) : nullptr;
        stack->setStall(stall ? std::optional(*stall) : std::nullopt);
    };
    show(Stalls, m_stalls, m_stack);
    show(Culprits, m_culprits, m_culpritStack);
}

void TablesView::resizeEvent(QResizeEvent *event)
{
    QTabWidget::resizeEvent(event);
    // The tooltip has it, too.
    const int digits = width() / fontMetrics().horizontalAdvance(QLatin1Char('0'));
    const bool isNarrow = digits < NarrowDigits;
    m_tables[Stalls]->setColumnHidden(StallsModel::Id, isNarrow);
    if (isNarrow != m_isNarrow)
        m_tables[Stalls]->setWidths(StallsModel::Receiver, {13, 12, 12, isNarrow ? 9 : 14, 0, 15});
    m_isNarrow = isNarrow;
    fitFilter();
}

/// Gives way to the titles, for a table whose title is not seen is not found.
void TablesView::fitFilter()
{
    const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    const QMargins margins = m_filter->parentWidget()->layout()->contentsMargins();
    const int room = width() - tabBar()->sizeHint().width() - margins.left() - margins.right() - 2;
    m_filter->setFixedWidth(std::clamp(room, LeastFilter * digit, MostFilter * digit));
}

void TablesView::setLoops(const QList<Loop *> &loops)
{
    m_loops = loops;
    // Which loop a row is of goes without saying where there is one.
    const std::pair<Table, int> columns[] = {{Stalls, StallsModel::LoopName},
                                             {Timers, TimersModel::LoopName},
                                             {Receivers, ReceiversModel::LoopName},
                                             {Culprits, CulpritsModel::LoopName},
                                             {Findings, FindingsModel::LoopName}};
    for (const auto &[table, column] : columns)
        header(table)->setSectionHidden(column, loops.size() < 2);
    for (LoopTableModel *each : m_models)
        each->setLoops(loops);
    m_flames->setLoops(loops);
    showCounts();
}

void TablesView::setSpan(const std::optional<TimeSpan> &span)
{
    for (LoopTableModel *each : m_models)
        each->setSpan(span);
    m_flames->setSpan(span);
    showCounts();
}

void TablesView::refresh()
{
    // The others are refreshed when they come to the front.
    if (currentIndex() == Flames)
        m_flames->refresh();
    else
        m_models[std::size_t(currentIndex())]->refresh();
    if (currentIndex() != Findings)
        m_findings.refresh();
    if (currentIndex() != Stalls)
        m_stalls.refresh();
    showStacks();
    showCounts();
}

void TablesView::showCounts()
{
    setTabText(Stalls, m_stalls.rowCount() > 0 ? tr("Stalls (%1)").arg(m_stalls.rowCount()) : tr("Stalls"));
    setTabText(Findings,
               m_findings.rowCount() > 0 ? tr("Findings (%1)").arg(m_findings.rowCount()) : tr("Findings"));
    fitFilter();
    m_tables[Findings]->setEmptyText(m_stalls.rowCount() > 0
                                         ? tr("No finding beyond the stalls: see Stalls.")
                                         : tr("Nothing is worth a look: the loop does well."));
    Q_EMIT findingsCounted(m_findings.rowCount());
}

void TablesView::showTable(Table table)
{
    setCurrentIndex(table);
    if (table != Flames)
        m_models[table]->refresh();
    currentWidget()->setFocus();
}

void TablesView::showTable(Table table, const QString &filter)
{
    m_filter->setText(filter);
    showTable(table);
}

void TablesView::focusFilter()
{
    m_filter->setFocus();
    m_filter->selectAll();
}

void TablesView::selectStallAt(Time time)
{
    if (const QModelIndex stall = showStall(nullptr, time); stall.isValid())
        tellStall(stall);
}

void TablesView::selectStall(const Loop *loop, Time time)
{
    showStall(loop, time);
}

QModelIndex TablesView::showStall(const Loop *loop, Time time)
{
    showTable(Stalls);
    const QAbstractItemModel *rows = m_proxies[Stalls];
    QModelIndex nearest;
    auto distance = std::numeric_limits<qint64>::max();
    for (int row = 0; row < rows->rowCount(); ++row) {
        const QModelIndex index = rows->index(row, 0);
        const qint64 away = std::abs(index.data(BeginRole).toLongLong() - time.count());
        const bool isOfLoop = !loop || index.data(LoopRole).value<Loop *>() == loop;
        if (isOfLoop && away < distance) {
            distance = away;
            nearest = index;
        }
    }
    if (nearest.isValid()) {
        m_tables[Stalls]->selectRow(nearest.row());
        m_tables[Stalls]->scrollTo(nearest);
    }
    return nearest;
}

void TablesView::tellStall(const QModelIndex &index)
{
    const Time begin(index.data(BeginRole).toLongLong());
    const Duration duration(index.data(DurationRole).toLongLong());
    Q_EMIT stallSelected(index.data(LoopRole).value<Loop *>(), {begin, begin + duration});
}

void TablesView::tellFinding(const QModelIndex &index)
{
    const auto view = Finding::View(index.data(FindingViewRole).toInt());
    const QString subject = index.data(FindingSubjectRole).toString();
    switch (view) {
    case Finding::View::Stalls:
        showTable(Stalls, subject);
        break;
    case Finding::View::Timers:
        showTable(Timers, subject);
        break;
    case Finding::View::Receivers:
        showTable(Receivers, subject);
        break;
    default:
        break;
    }
    Q_EMIT findingActivated(view, subject, index.data(LoopRole).value<Loop *>());
}

QString TablesView::selectedText() const
{
    const auto table = Table(currentIndex());
    if (table == Flames)
        return m_flames->currentText();
    QStringList texts;
    for (const QModelIndex &index : selectedRows(table))
        texts << index.data(TextRole).toString();
    return texts.join(QLatin1Char('\n'));
}

} // namespace Flywheel::Monitor
