// SPDX-License-Identifier: MIT
#pragma once

#include "rowtext.h"

#include <QtWidgets/qtableview.h>

namespace Flywheel::Monitor {

/// A table of whole rows that says why it is empty.
class TableView : public QTableView
{
    Q_OBJECT
public:
    /// \a empty: what to say where there are no rows, and no filter hides any.
    TableView(QAbstractItemModel *model, const QString &empty, QWidget *parent);

    /// Widths in digits, at least what the titles need; column \a wide takes the rest.
    void setWidths(int wide, std::initializer_list<int> digits);
    /// Sentences instead of names: rows as high as they need.
    void wrapText();
    /// Replaces what the constructor was given.
    void setEmptyText(const QString &empty);
    /// What the view says in place of rows; empty if it has rows.
    QString emptyText() const { return m_text.of(*this); }
    /// What is filtered by, to say that it has no hit.
    void setFilterText(const QString &filter);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    RowText m_text;
};

} // namespace Flywheel::Monitor
