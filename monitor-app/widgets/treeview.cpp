// SPDX-License-Identifier: MIT
#include "treeview.h"

#include <QtWidgets/qheaderview.h>

namespace Flywheel::Monitor {

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
