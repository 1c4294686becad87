// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <initializer_list>

QT_BEGIN_NAMESPACE
class QAbstractItemView;
class QHeaderView;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// What a view of rows says in place of them.
struct RowText
{
    QString empty;  ///< if no filter hides any
    QString filter; ///< what is filtered by

    /// Empty if \a view has rows.
    QString of(const QAbstractItemView &view) const;
    /// Draws it, if \a view has no rows, and a loop to speak of.
    void paint(QAbstractItemView &view) const;
};

/// Widths of columns in digits, at least what the titles need; column \a wide takes the rest.
void setColumnWidths(QHeaderView &header, int wide, std::initializer_list<int> digits);
/// What all views of rows have in common.
void setUpRows(QAbstractItemView &view, QHeaderView &header);

} // namespace Flywheel::Monitor
