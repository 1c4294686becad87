// SPDX-License-Identifier: MIT
#pragma once

#include "model/health.h"

#include <QtGui/qcolor.h>
#include <QtWidgets/qstyleditemdelegate.h>

namespace Flywheel::Monitor {

QColor colorOf(Health health);

/// Cells of the tree of loops: what has ended is greyed, before the word for a loop's health stands a dot in
/// its colour, and behind a program's name its state.
class HealthDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// \a word with room for the dot before it.
    static QString withDot(const QString &word);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace Flywheel::Monitor
