// SPDX-License-Identifier: MIT
#include "sparklinedelegate.h"

#include "theme.h"

#include <QtGui/qpainter.h>
#include <QtGui/qpainterpath.h>

#include <algorithm>
#include <cmath>

namespace Flywheel::Monitor {

void paintSparkLine(QPainter &painter, const QRectF &rect, const QList<double> &values, const QColor &color)
{
    const double step = values.size() > 1 ? rect.width() / double(values.size() - 1) : 0;
    QPainterPath path;
    bool open = false;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const bool gap = std::isnan(values[i]);
        const QPointF point(rect.left() + double(i) * step,
                            gap ? 0 : rect.bottom() - std::clamp(values[i], 0.0, 1.0) * rect.height());
        if (!gap && open)
            path.lineTo(point);
        else if (!gap)
            path.moveTo(point);
        open = !gap;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Theme::current().grid, 1));
    painter.drawLine(rect.bottomLeft(), rect.bottomRight());
    painter.setPen(QPen(color, 1.2));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    painter.restore();
}

SparkLineDelegate::SparkLineDelegate(int role, QObject *parent) : QStyledItemDelegate(parent), m_role(role) {}

void SparkLineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const auto values = index.data(m_role).value<QList<double>>();
    if (values.isEmpty())
        return;
    const bool selected = option.state & QStyle::State_Selected;
    const QColor color =
        selected ? option.palette.color(QPalette::HighlightedText) : Theme::current().skyBlue;
    paintSparkLine(*painter, QRectF(option.rect).adjusted(4, 4, -4, -3), values, color);
}

QSize SparkLineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setWidth(72);
    size.setHeight(std::max(size.height(), option.fontMetrics.height() + 8));
    return size;
}

} // namespace Flywheel::Monitor
