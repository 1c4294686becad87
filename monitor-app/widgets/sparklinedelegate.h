// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qlist.h>
#include <QtWidgets/qstyleditemdelegate.h>

namespace Flywheel::Monitor {

/// Draws the recent past of a figure as a line without axes into a table's cell: only its shape is to be
/// read, and the figure stands beside it. Values from 0 to 1; what is not a number is a gap.
class SparkLineDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    /// \a role of the model holds a QList<double>.
    explicit SparkLineDelegate(int role, QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    int m_role;
};

/// Draws \a values into \a rect, the newest at its right end.
void paintSparkLine(QPainter &painter, const QRectF &rect, const QList<double> &values, const QColor &color);

} // namespace Flywheel::Monitor
