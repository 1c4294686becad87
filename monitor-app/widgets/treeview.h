// SPDX-License-Identifier: MIT
#pragma once

#include "rowtext.h"

#include <QtWidgets/qtreeview.h>

#include <vector>

namespace Flywheel::Monitor {

/// A tree of whole rows that says why it is empty.
class TreeView : public QTreeView
{
    Q_OBJECT
public:
    /// \a empty: what to say where there are no rows, and no filter hides any.
    TreeView(QAbstractItemModel *model, const QString &empty, QWidget *parent);

    /// As TableView's.
    void setWidths(int wide, std::initializer_list<int> digits);
    /// Columns that give way where the wide one has too little room: the last one first.
    void setDispensable(std::initializer_list<int> columns) { m_dispensable = columns; }
    QString emptyText() const { return m_text.of(*this); }
    void setFilterText(const QString &filter);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    RowText m_text;
    int m_wide = 0;
    std::vector<int> m_dispensable;
    std::vector<int> m_widths; ///< of all columns
};

} // namespace Flywheel::Monitor
