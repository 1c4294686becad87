// SPDX-License-Identifier: MIT
#include "celldelegate.h"

#include "model/modelroles.h"
#include "theme.h"

#include <QtGui/qpainter.h>

namespace Flywheel::Monitor {

namespace {

constexpr int SentenceGap = 8; ///< pixels between rows

bool isSentence(const QStyleOptionViewItem &option)
{
    return option.features & QStyleOptionViewItem::WrapText;
}

} // namespace

void CellDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const bool isNumber = option->displayAlignment & Qt::AlignRight;
    if (!isSentence(*option))
        option->textElideMode = isNumber ? Qt::ElideRight : Qt::ElideMiddle;
    if (index.data(OngoingRole).toBool())
        option->palette.setColor(QPalette::Text, Theme::current().vermillion);
}

/// Sentences of several lines need a gap, or two rows read as one.
QSize CellDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize size = QStyledItemDelegate::sizeHint(option, index);
    return isSentence(option) ? size + QSize(0, SentenceGap) : size;
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    if (isSentence(option))
        painter->fillRect(QRect(option.rect.bottomLeft(), QSize(option.rect.width(), 1)),
                          Theme::current().grid);
}

} // namespace Flywheel::Monitor
