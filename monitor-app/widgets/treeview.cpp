// SPDX-License-Identifier: MIT
#include "treeview.h"

#include <QtWidgets/qheaderview.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr int LeastWide = 24; ///< digits for the wide column: a name and the mark to unfold it

} // namespace

TreeView::TreeView(QAbstractItemModel *model, const QString &empty, QWidget *parent)
    : QTreeView(parent)
    , m_text{empty, {}}
{
    setModel(model);
    setUpRows(*this, *header());
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    header()->setStretchLastSection(false);
    setSortingEnabled(true);
}

void TreeView::setWidths(int wide, std::initializer_list<int> digits)
{
    setColumnWidths(*header(), wide, digits);
    m_wide = wide;
    m_widths.clear();
    for (int column = 0; column < header()->count(); ++column)
        m_widths.push_back(header()->sectionSize(column));
}

void TreeView::resizeEvent(QResizeEvent *event)
{
    int room = viewport()->width() - LeastWide * fontMetrics().horizontalAdvance(QLatin1Char('0'));
    for (int column = 0; column < header()->count(); ++column) {
        const bool isFixed = column != m_wide && std::find(m_dispensable.begin(), m_dispensable.end(),
                                                           column) == m_dispensable.end();
        room -= isFixed && !isColumnHidden(column) ? m_widths[std::size_t(column)] : 0;
    }
    for (const int column : m_dispensable) {
        room -= m_widths[std::size_t(column)];
        setColumnHidden(column, room < 0);
    }
    QTreeView::resizeEvent(event);
}

void TreeView::setFilterText(const QString &filter)
{
    m_text.filter = filter;
    viewport()->update();
}

void TreeView::paintEvent(QPaintEvent *event)
{
    QTreeView::paintEvent(event);
    m_text.paint(*this);
}

} // namespace Flywheel::Monitor
