// SPDX-License-Identifier: MIT
#include "tablesview.h"

#include "model/format.h"
#include "sorttitle.h"
#include "stackview.h"
#include "tableview.h"

#include <QtCore/qhash.h>
#include <QtCore/qsortfilterproxymodel.h>
#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qlineedit.h>
#include <QtWidgets/qsplitter.h>
#include <QtWidgets/qtabbar.h>

#include <algorithm>
#include <limits>

namespace Flywheel::Monitor {

namespace {

/// Titles stand where their column's values do.
class TableProxy : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    /// A title that needs no more room than what stands below it; the tooltip has the whole one.
    void setShortTitle(int section, const QString &title) { m_shortTitles.insert(section, title); }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        const bool isTitle = role == Qt::DisplayRole && orientation == Qt::Horizontal;
        if (isTitle) {
            const QVariant whole = QSortFilterProxyModel::headerData(section, orientation, role);
            const QString title = m_shortTitles.value(section, whole.toString());
            return section == sortColumn()
                       ? besideSortArrow(title, headerData(section, orientation, Qt::TextAlignmentRole))
                       : title;
        }
        if (role == Qt::TextAlignmentRole && orientation == Qt::Horizontal && sourceModel()->rowCount() > 0)
            return sourceModel()->index(0, section).data(role);
        return QSortFilterProxyModel::headerData(section, orientation, role);
    }
    /// What a narrow column cuts off.
    QVariant data(const QModelIndex &index, int role) const override
    {
        QVariant own = QSortFilterProxyModel::data(index, role);
        // The model's own tooltips are safe already.
        if (role != Qt::ToolTipRole || own.isValid())
            return own;
        return Format::literally(index.data(Qt::DisplayRole).toString());
    }

private:
    QHash<int, QString> m_shortTitles;
};

constexpr int NarrowDigits = 90; ///< with less room, ids are left out for the receivers' sake
constexpr int LeastFilter = 8;   ///< in digits
constexpr int MostFilter = 26;

} // namespace

TablesView::TablesView(QWidget *parent)
    : QTabWidget(parent)
    , m_models{&m_stalls, &m_timers, &m_receivers, &m_findings, &m_culprits}
    , m_filter(new QLineEdit(this))
    , m_stack(new StackView(this))
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
    addTable(
        Culprits, tr("Culprits"),
        tr("Stalls by receiver, the most expensive first; a double click lists the single ones (Ctrl+5)"),
        tr("No stall: no handler ran for longer than the loop's threshold."));
    m_views[Culprits]->setWidths(CulpritsModel::Who, {0, 12, 14, 9, 10, 10, 14});
    m_views[Timers]->setWidths(TimersModel::Object, {0, 10, 8, 8, 9, 8, 8, 8, 8});
    m_views[Receivers]->setWidths(ReceiversModel::ClassName, {0, 12, 14, 10, 10, 10, 9});
    m_views[Findings]->setWidths(FindingsModel::Cause, {12, 0, 26, 42});
    m_views[Findings]->wrapText();
    m_views[Timers]->sortByColumn(TimersModel::Share, Qt::DescendingOrder);
    m_views[Receivers]->sortByColumn(ReceiversModel::Share, Qt::DescendingOrder);

    m_filter->setPlaceholderText(tr("filter (Ctrl+F)"));
    m_filter->setToolTip(tr("Shows only the rows that contain this text (Ctrl+F)"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    auto *corner = new QWidget(this);
    auto *margins = new QHBoxLayout(corner);
    margins->setContentsMargins(0, 1, 4, 1);
    margins->addWidget(m_filter);
    setCornerWidget(corner);
    for (QSortFilterProxyModel *proxy : m_proxies)
        connect(m_filter, &QLineEdit::textChanged, proxy, &QSortFilterProxyModel::setFilterFixedString);
    for (TableView *view : m_views)
        connect(m_filter, &QLineEdit::textChanged, view, &TableView::setFilterText);

    const auto rowChosen = [this](const QModelIndex &index) { tellStall(index); };
    connect(m_views[Stalls], &QTableView::clicked, this, rowChosen);
    connect(m_views[Stalls], &QTableView::activated, this, rowChosen);
    connect(m_views[Stalls]->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TablesView::showStack);
    connect(m_views[Culprits], &QTableView::clicked, this, rowChosen);
    connect(m_views[Culprits], &QTableView::activated, this, &TablesView::unfoldCulprit);
    connect(m_views[Findings], &QTableView::activated, this, &TablesView::tellFinding);
    connect(m_views[Findings], &QTableView::clicked, this, &TablesView::tellFinding);
}

void TablesView::addTable(Table table, const QString &name, const QString &toolTip, const QString &empty,
                          const ShortTitles &shortTitles)
{
    auto *proxy = new TableProxy(this);
    proxy->setSourceModel(m_models[table]);
    proxy->setSortRole(SortRole);
    proxy->setFilterKeyColumn(-1);
    proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    for (const auto &[section, title] : shortTitles)
        proxy->setShortTitle(section, title);
    m_proxies[table] = proxy;
    m_views[table] = new TableView(proxy, empty, this);
    m_views[table]->setAccessibleName(name);
    addTab(table == Stalls ? besideStack(m_views[table]) : m_views[table], name);
    setTabToolTip(table, toolTip);
}

/// The table of stalls, and to its right the stack of the selected one.
QWidget *TablesView::besideStack(QWidget *stalls)
{
    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(stalls);
    splitter->addWidget(m_stack);
    splitter->setFocusProxy(stalls);
    return splitter;
}

void TablesView::showStack()
{
    const QModelIndexList rows = m_views[Stalls]->selectionModel()->selectedRows();
    const Stall *const stall =
        rows.size() == 1 ? m_stalls.stallAt(m_proxies[Stalls]->mapToSource(rows.first())) : nullptr;
    m_stack->setStall(stall ? std::optional(*stall) : std::nullopt);
}

void TablesView::resizeEvent(QResizeEvent *event)
{
    QTabWidget::resizeEvent(event);
    // The tooltip has it, too.
    const int digits = width() / fontMetrics().horizontalAdvance(QLatin1Char('0'));
    const bool isNarrow = digits < NarrowDigits;
    m_views[Stalls]->setColumnHidden(StallsModel::Id, isNarrow);
    if (isNarrow != m_isNarrow)
        m_views[Stalls]->setWidths(StallsModel::Receiver, {13, 12, 12, isNarrow ? 9 : 14, 0, 15});
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
    m_views[Stalls]->setColumnHidden(StallsModel::LoopName, loops.size() < 2);
    m_views[Timers]->setColumnHidden(TimersModel::LoopName, loops.size() < 2);
    m_views[Receivers]->setColumnHidden(ReceiversModel::LoopName, loops.size() < 2);
    m_views[Culprits]->setColumnHidden(CulpritsModel::LoopName, loops.size() < 2);
    m_views[Findings]->setColumnHidden(FindingsModel::LoopName, loops.size() < 2);
    for (LoopTableModel *each : m_models)
        each->setLoops(loops);
    showCounts();
}

void TablesView::setSpan(const std::optional<TimeSpan> &span)
{
    for (LoopTableModel *each : m_models)
        each->setSpan(span);
    showCounts();
}

void TablesView::refresh()
{
    // The others are refreshed when they come to the front.
    m_models[std::size_t(currentIndex())]->refresh();
    if (currentIndex() != Findings)
        m_findings.refresh();
    if (currentIndex() != Stalls)
        m_stalls.refresh();
    showStack();
    showCounts();
}

void TablesView::showCounts()
{
    setTabText(Stalls, m_stalls.rowCount() > 0 ? tr("Stalls (%1)").arg(m_stalls.rowCount()) : tr("Stalls"));
    setTabText(Findings,
               m_findings.rowCount() > 0 ? tr("Findings (%1)").arg(m_findings.rowCount()) : tr("Findings"));
    fitFilter();
    m_views[Findings]->setEmptyText(m_stalls.rowCount() > 0
                                        ? tr("No finding beyond the stalls: see Stalls.")
                                        : tr("Nothing is worth a look: the loop does well."));
    Q_EMIT findingsCounted(m_findings.rowCount());
}

void TablesView::showTable(Table table)
{
    setCurrentIndex(table);
    m_models[table]->refresh();
    m_views[table]->setFocus();
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
    showTable(Stalls);
    const QAbstractItemModel *rows = m_proxies[Stalls];
    QModelIndex nearest;
    auto distance = std::numeric_limits<qint64>::max();
    for (int row = 0; row < rows->rowCount(); ++row) {
        const QModelIndex index = rows->index(row, 0);
        const qint64 away = std::abs(index.data(BeginRole).toLongLong() - time.count());
        if (away < distance) {
            distance = away;
            nearest = index;
        }
    }
    if (!nearest.isValid())
        return;
    m_views[Stalls]->selectRow(nearest.row());
    m_views[Stalls]->scrollTo(nearest);
    tellStall(nearest);
}

void TablesView::tellStall(const QModelIndex &index)
{
    const Time begin(index.data(BeginRole).toLongLong());
    const Duration duration(index.data(DurationRole).toLongLong());
    Q_EMIT stallSelected(index.data(LoopRole).value<Loop *>(), {begin, begin + duration});
}

void TablesView::unfoldCulprit(const QModelIndex &index)
{
    showTable(Stalls, index.data(FindingSubjectRole).toString());
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
    const TableView *view = m_views[std::size_t(currentIndex())];
    QStringList texts;
    for (const QModelIndex &index : view->selectionModel()->selectedRows())
        texts << index.data(TextRole).toString();
    return texts.join(QLatin1Char('\n'));
}

} // namespace Flywheel::Monitor
