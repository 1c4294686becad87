// SPDX-License-Identifier: MIT
#include "plotheader.h"

#include "theme.h"

#include <QtGui/qfontmetrics.h>
#include <QtGui/qpainter.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr double EntryGap = 10;
constexpr int ShortName = 12;   ///< characters of a name that was too long
constexpr int LongestName = 14; ///< a shorter one would win nothing

QString shortened(const QString &name)
{
    if (name.size() <= LongestName)
        return name;
    return name.left(ShortName / 2) + QStringLiteral("…") + name.right(ShortName / 2 - 1);
}

double sampleWidth(const LegendEntry &entry)
{
    return entry.style == Qt::NoPen ? 0 : SampleLength + 2;
}

} // namespace

std::vector<LegendEntry> fittingLegend(std::vector<LegendEntry> legend, double room,
                                       const std::function<double(const QString &)> &textWidth,
                                       LegendLoss lost)
{
    const auto fits = [&](const std::vector<LegendEntry> &entries) {
        double width = 0;
        for (const LegendEntry &entry : entries)
            width += textWidth(entry.name) + sampleWidth(entry) + EntryGap;
        return width <= room;
    };
    if (fits(legend))
        return legend;
    for (LegendEntry &entry : legend)
        entry.name = shortened(entry.name);
    const auto order = [&] {
        if (lost == LegendLoss::Last)
            std::ranges::reverse(legend);
    };
    order();
    for (std::size_t left = 0; !fits(legend) && legend.size() > 1;) {
        legend.erase(legend.begin(), legend.begin() + (left > 0 ? 2 : 1)); // with the number so far
        ++left;
        legend.insert(legend.begin(),
                      LegendEntry{QStringLiteral("+%1").arg(left), QColor(), 1, Qt::NoPen, false, {}});
    }
    order();
    return legend;
}

void paintSample(QPainter &painter, const LegendEntry &entry, double left, double middle)
{
    if (entry.filled) {
        painter.fillRect(QRectF(left + 2, middle - 4, 8, 8), entry.color);
        return;
    }
    if (entry.style == Qt::NoPen)
        return;
    painter.setPen(QPen(entry.color, entry.width, entry.style));
    painter.drawLine(QPointF(left, middle), QPointF(left + SampleLength - 3, middle));
}

void paintHeader(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot)
{
    const Theme &theme = Theme::current();
    const QFont plain = painter.font();
    QFont bold = plain;
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme.text);
    const QFontMetrics boldMetrics(bold);
    const double height = boldMetrics.height();
    const double top = plot.top() - height - 8;
    const QFontMetrics metrics(plain);
    const auto textWidth = [&metrics](const QString &text) { return metrics.horizontalAdvance(text); };
    double right = painter.window().right() - 8;
    const auto fitting = [&](const QString &title) {
        const double limit = 8 + boldMetrics.horizontalAdvance(title) + 12;
        return fittingLegend(overlay.legend, right - limit + EntryGap, textWidth,
                             overlay.legendKeepsFirst ? LegendLoss::Last : LegendLoss::First);
    };
    QString title = overlay.title;
    std::vector<LegendEntry> legend = fitting(title);
    if (legend.size() < overlay.legend.size()) {
        title = title.section(QLatin1Char(','), 0, 0); // the labels of the axis have the unit, too
        legend = fitting(title);
    }
    painter.drawText(QRectF(8, top, plot.right() - 8, height), Qt::AlignLeft | Qt::AlignVCenter, title);

    painter.setFont(plain);
    for (auto entry = legend.rbegin(); entry != legend.rend(); ++entry) {
        const double width = textWidth(entry->name);
        const double left = right - width - sampleWidth(*entry);
        paintSample(painter, *entry, left, top + height / 2);
        painter.setPen(theme.quiet);
        painter.drawText(QRectF(right - width, top, width + 1, height), Qt::AlignVCenter, entry->name);
        right = left - EntryGap;
    }
}

} // namespace Flywheel::Monitor
