// SPDX-License-Identifier: MIT
#include "healthdelegate.h"

#include "model/loopsmodel.h"
#include "theme.h"

#include <QtGui/qpainter.h>

namespace Flywheel::Monitor {

namespace {

constexpr int DotRoom = 14; ///< pixels that the dot takes from the word

bool hasDot(const QModelIndex &index)
{
    return index.column() == LoopsModel::State && index.data(HealthRole).isValid();
}

} // namespace

QColor colorOf(Health health)
{
    const Theme &theme = Theme::current();
    switch (health) {
    case Health::Good:
        return theme.green;
    case Health::Busy:
        return theme.orange;
    case Health::Unwell:
        return theme.vermillion;
    }
    return theme.quiet;
}

QString HealthDelegate::withDot(const QString &word)
{
    return QStringLiteral("    ") + word;
}

void HealthDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.data(EndedRole).toBool())
        option->palette.setColor(QPalette::Text, Theme::current().quiet);
    if (index.column() == LoopsModel::Name && !index.parent().isValid())
        option->text += QStringLiteral(" · ") + index.siblingAtColumn(LoopsModel::State).data().toString();
    if (hasDot(index))
        option->text = withDot(option->text);
}

void HealthDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    if (!hasDot(index))
        return;
    const bool ended = index.data(EndedRole).toBool();
    const QColor color = colorOf(Health(index.data(HealthRole).toInt()));
    // The colours of health are too near to the one of a selection: a bright ring stands out from both.
    const bool selected = option.state & QStyle::State_Selected;
    const QColor ring = selected ? option.palette.color(QPalette::HighlightedText)
                        : ended  ? Theme::current().quiet
                                 : color;
    const QPointF middle(option.rect.left() + DotRoom / 2.0 + 2, option.rect.center().y() + 0.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(ring, 1.5));
    painter->setBrush(ended ? QBrush(Qt::NoBrush) : QBrush(color));
    painter->drawEllipse(middle, 4, 4);
    painter->restore();
}

} // namespace Flywheel::Monitor
