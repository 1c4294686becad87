// SPDX-License-Identifier: MIT
#include "tableview.h"

#include <QtWidgets/qheaderview.h>

namespace Flywheel::Monitor {

TableView::TableView(QAbstractItemModel *model, const QString &empty, QWidget *parent)
    : QTableView(parent)
    , m_text{empty, {}}
{
    setModel(model);
    setUpRows(*this, *horizontalHeader());
    setShowGrid(false);
    setWordWrap(false);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    setSortingEnabled(true);
}

void TableView::setWidths(int wide, std::initializer_list<int> digits)
{
    setColumnWidths(*horizontalHeader(), wide, digits);
}

void TableView::wrapText()
{
    setWordWrap(true);
    setTextElideMode(Qt::ElideRight);
    verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
}

void TableView::setFilterText(const QString &filter)
{
    m_text.filter = filter;
    viewport()->update();
}

void TableView::setEmptyText(const QString &empty)
{
    if (empty == m_text.empty)
        return;
    m_text.empty = empty;
    viewport()->update();
}

void TableView::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    m_text.paint(*this);
}

} // namespace Flywheel::Monitor
