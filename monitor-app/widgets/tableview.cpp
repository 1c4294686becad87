// SPDX-License-Identifier: MIT
#include "tableview.h"

#include "celldelegate.h"
#include "model/format.h"
#include "theme.h"

#include <QtCore/qabstractproxymodel.h>
#include <QtGui/qpainter.h>
#include <QtWidgets/qheaderview.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr int ArrowWidth = 10; ///< pixels

} // namespace

TableView::TableView(QAbstractItemModel *model, const QString &empty, QWidget *parent)
    : QTableView(parent)
    , m_empty(empty)
{
    setModel(model);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setTabKeyNavigation(false);
    setShowGrid(false);
    setWordWrap(false);
    setItemDelegate(new CellDelegate(this));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    // No column is sorted by at first: the models' own order is the newest or the gravest first.
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    setSortingEnabled(true);
}

void TableView::setWidths(int wide, std::initializer_list<int> digits)
{
    const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    horizontalHeader()->setSectionResizeMode(wide, QHeaderView::Stretch);
    int column = 0;
    for (const int width : digits) {
        // The hint does not count the arrow of the column that is sorted by.
        setColumnWidth(column,
                       std::max(width * digit, horizontalHeader()->sectionSizeHint(column) + ArrowWidth));
        ++column;
    }
}

void TableView::wrapText()
{
    setWordWrap(true);
    setTextElideMode(Qt::ElideRight);
    verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
}

void TableView::setFilterText(const QString &filter)
{
    m_filter = filter;
    viewport()->update();
}

void TableView::setEmptyText(const QString &empty)
{
    if (empty == m_empty)
        return;
    m_empty = empty;
    viewport()->update();
}

QString TableView::emptyText() const
{
    if (model()->rowCount() > 0)
        return {};
    const auto *proxy = qobject_cast<const QAbstractProxyModel *>(model());
    const int hidden = proxy ? proxy->sourceModel()->rowCount() : 0;
    if (hidden == 0)
        return m_empty;
    return hidden == 1 ? tr("The one row does not contain “%1”. Clear the filter to see it.").arg(m_filter)
                       : tr("None of %1 rows contains “%2”. Clear the filter to see them.")
                             .arg(Format::count(quint64(hidden)), m_filter);
}

void TableView::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    // Disabled, it has no loop to speak of.
    if (model()->rowCount() > 0 || !isEnabled())
        return;
    QPainter painter(viewport());
    painter.setPen(Theme::current().quiet);
    painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, emptyText());
}

} // namespace Flywheel::Monitor
