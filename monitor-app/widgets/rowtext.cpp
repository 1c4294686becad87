// SPDX-License-Identifier: MIT
#include "rowtext.h"

#include "celldelegate.h"
#include "model/format.h"
#include "theme.h"

#include <QtCore/qabstractproxymodel.h>
#include <QtCore/qcoreapplication.h>
#include <QtGui/qpainter.h>
#include <QtWidgets/qheaderview.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr int ArrowWidth = 10; ///< pixels

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::RowText", text);
}

} // namespace

QString RowText::of(const QAbstractItemView &view) const
{
    if (view.model()->rowCount() > 0)
        return {};
    const auto *proxy = qobject_cast<const QAbstractProxyModel *>(view.model());
    const int hidden = proxy ? proxy->sourceModel()->rowCount() : 0;
    if (hidden == 0)
        return empty;
    return hidden == 1 ? tr("The one row does not contain “%1”. Clear the filter to see it.").arg(filter)
                       : tr("None of %1 rows contains “%2”. Clear the filter to see them.")
                             .arg(Format::count(quint64(hidden)), filter);
}

void RowText::paint(QAbstractItemView &view) const
{
    // Disabled, it has no loop to speak of.
    if (view.model()->rowCount() > 0 || !view.isEnabled())
        return;
    QPainter painter(view.viewport());
    painter.setPen(Theme::current().quiet);
    painter.drawText(view.viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, of(view));
}

void setColumnWidths(QHeaderView &header, int wide, std::initializer_list<int> digits)
{
    const int digit = header.parentWidget()->fontMetrics().horizontalAdvance(QLatin1Char('0'));
    header.setSectionResizeMode(wide, QHeaderView::Stretch);
    int column = 0;
    for (const int width : digits) {
        // The hint does not count the arrow of the column that is sorted by.
        header.resizeSection(column, std::max(width * digit, header.sectionSizeHint(column) + ArrowWidth));
        ++column;
    }
}

void setUpRows(QAbstractItemView &view, QHeaderView &header)
{
    view.setSelectionBehavior(QAbstractItemView::SelectRows);
    view.setSelectionMode(QAbstractItemView::ExtendedSelection);
    view.setTabKeyNavigation(false);
    view.setItemDelegate(new CellDelegate(&view));
    header.setHighlightSections(false);
    header.setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    // No column is sorted by at first: the models' own order is the newest or the gravest first.
    header.setSortIndicator(-1, Qt::AscendingOrder);
}

} // namespace Flywheel::Monitor
