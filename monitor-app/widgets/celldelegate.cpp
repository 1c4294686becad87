// SPDX-License-Identifier: MIT
#include "celldelegate.h"

#include "model/modelroles.h"
#include "theme.h"

namespace Flywheel::Monitor {

void CellDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const bool isNumber = option->displayAlignment & Qt::AlignRight;
    if (!(option->features & QStyleOptionViewItem::WrapText))
        option->textElideMode = isNumber ? Qt::ElideRight : Qt::ElideMiddle;
    if (index.data(OngoingRole).toBool())
        option->palette.setColor(QPalette::Text, Theme::current().vermillion);
}

} // namespace Flywheel::Monitor
