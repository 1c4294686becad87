// SPDX-License-Identifier: MIT
#include "plotoverlay.h"

#include "model/format.h"
#include "plotheader.h"
#include "plotmarks.h"
#include "theme.h"
#include "tint.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qstringlist.h>
#include <QtGui/qfontmetrics.h>
#include <QtGui/qpainter.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

double shareOf(Duration part, Duration whole)
{
    return double(part.count()) / double(std::max<Duration::rep>(whole.count(), 1));
}

void paintTimeLabels(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot)
{
    const QFontMetrics metrics(painter.font());
    const auto textWidth = [&metrics](const QString &text) { return metrics.horizontalAdvance(text); };
    const auto ticks = fittingTimeTicks(overlay.span, overlay.wallOffset, plot.width(), textWidth);
    if (ticks.empty())
        return;
    const int width = textWidth(ticks.front().label);
    const Theme &theme = Theme::current();
    // Beside them stand the lowest labels of the vertical axes.
    const double last = (overlay.right.empty() ? painter.window().right() : plot.right()) - width;
    for (const TimeTick &tick : ticks) {
        const double x = overlay.xOf(tick.at, plot);
        painter.setPen(theme.grid);
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4));
        painter.setPen(theme.quiet);
        const double left = std::max(plot.left(), std::min(x - width / 2.0, last));
        painter.drawText(QRectF(left, plot.bottom() + 4, width, metrics.height()), Qt::AlignCenter,
                         tick.label);
    }
}

void paintVerticalLabels(QPainter &painter, const std::vector<Tick> &ticks, const QRectF &plot,
                         Qt::AlignmentFlag side)
{
    if (ticks.empty())
        return;
    const double height = QFontMetrics(painter.font()).height();
    const double lowest = ticks.front().position;
    const double range = ticks.back().position - lowest;
    painter.setPen(Theme::current().quiet);
    for (const Tick &tick : ticks) {
        const double y = plot.bottom() - (tick.position - lowest) / range * plot.height();
        const QRectF left(0, y - height / 2, plot.left() - 6, height);
        const QRectF right(plot.right() + 6, y - height / 2, plot.left(), height);
        painter.drawText(side == Qt::AlignRight ? left : right, int(side) | int(Qt::AlignVCenter),
                         tick.label);
    }
}

void paintSelection(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot)
{
    if (!overlay.selection)
        return;
    const double left = std::clamp(overlay.xOf(overlay.selection->begin, plot), plot.left(), plot.right());
    const double right = std::clamp(overlay.xOf(overlay.selection->end, plot), plot.left(), plot.right());
    QColor fill = Theme::current().accent;
    fill.setAlpha(46);
    tint(painter, QRectF(left, plot.top(), right - left, plot.height()), fill);
    painter.setPen(Theme::current().accent);
    painter.drawLine(QPointF(left, plot.top()), QPointF(left, plot.bottom()));
    painter.drawLine(QPointF(right, plot.top()), QPointF(right, plot.bottom()));
}

struct ValueBox
{
    QRectF rect;
    double line, nameWidth, valueWidth;
    std::size_t entries; ///< that have room
};

ValueBox valueBoxOf(const PlotOverlay &overlay, const QRectF &plot, const QPainter &painter, double x)
{
    const QFontMetrics metrics(painter.font());
    double nameWidth = 0, valueWidth = 0;
    for (const LegendEntry &entry : overlay.values) {
        nameWidth = std::max(nameWidth, double(metrics.horizontalAdvance(entry.name)));
        valueWidth = std::max(valueWidth, double(metrics.horizontalAdvance(entry.value)));
    }
    const double line = metrics.height();
    const double title = metrics.horizontalAdvance(overlay.cursorTime());
    const double width = std::max(nameWidth + valueWidth + SampleLength + 26, title + 16);
    const double room = painter.window().bottom() - plot.top() - 12;
    const auto entries = std::min(overlay.values.size(), std::size_t(std::max(room / line - 1, 1.0)));
    const double height = line * double(entries + 1) + 8;
    const double left = x + 10 + width > plot.right() ? x - 10 - width : x + 10;
    return {QRectF(std::max(left, 2.0), plot.top() + 4, width, height), line, nameWidth, valueWidth, entries};
}

void paintValues(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot, double x)
{
    if (overlay.values.empty())
        return;
    const Theme &theme = Theme::current();
    const ValueBox box = valueBoxOf(overlay, plot, painter, x);
    QColor ground = theme.raised;
    ground.setAlpha(235);
    painter.setPen(theme.grid);
    painter.setBrush(ground);
    painter.drawRoundedRect(box.rect, 4, 4);
    double top = box.rect.top() + 4;
    painter.setPen(theme.text);
    painter.drawText(QRectF(box.rect.left() + 8, top, box.rect.width() - 16, box.line), Qt::AlignVCenter,
                     overlay.cursorTime());
    for (std::size_t i = 0; i < box.entries; ++i) {
        const LegendEntry &entry = overlay.values[i];
        const double left = box.rect.left() + 8;
        top += box.line;
        paintSample(painter, entry, left, top + box.line / 2);
        painter.setPen(theme.quiet);
        painter.drawText(QRectF(left + SampleLength + 2, top, box.nameWidth + 1, box.line), Qt::AlignVCenter,
                         entry.name);
        painter.setPen(theme.text);
        painter.drawText(QRectF(box.rect.right() - 8 - box.valueWidth, top, box.valueWidth + 1, box.line),
                         Qt::AlignVCenter | Qt::AlignRight, entry.value);
    }
}

void paintCursor(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot)
{
    if (!overlay.cursor || !overlay.span.contains(*overlay.cursor))
        return;
    const double x = overlay.xOf(*overlay.cursor, plot);
    painter.setPen(QPen(Theme::current().text, 1));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    paintValues(painter, overlay, plot, x);
}

} // namespace

double PlotOverlay::xOf(Time time, const QRectF &plot) const
{
    return plot.left() + shareOf(time - span.begin, span.length()) * plot.width();
}

Time PlotOverlay::timeOf(double x, const QRectF &plot) const
{
    const double share = (x - plot.left()) / std::max(plot.width(), 1.0);
    return span.begin + std::chrono::duration_cast<Duration>(span.length() * share);
}

const TimeMark *PlotOverlay::markAt(const QPointF &position, const QRectF &plot) const
{
    const std::vector<MarkCluster> clusters = clustersOf(*this, plot);
    const auto hit = [&](const MarkCluster &cluster) {
        return markRect(cluster.x(), plot).adjusted(-2, -3, 2, 3).contains(position);
    };
    const auto found = std::find_if(clusters.rbegin(), clusters.rend(), hit);
    return found == clusters.rend() ? nullptr : found->worst;
}

QString PlotOverlay::cursorTime() const
{
    if (!cursor)
        return {};
    return Format::clockTime(*cursor + wallOffset, decimalsIn(span));
}

QString PlotOverlay::toolTipAt(const QPointF &position, const QRectF &plot) const
{
    const std::vector<MarkCluster> clusters = clustersOf(*this, plot);
    for (const MarkCluster &cluster : clusters) {
        const bool onSign = markRect(cluster.x(), plot).adjusted(-2, -3, 2, 3).contains(position);
        if (!onSign && !stallRect(*this, *cluster.worst, plot).contains(position))
            continue;
        return cluster.count == 1 ? cluster.worst->text
                                  : QCoreApplication::translate("Flywheel::Monitor::PlotOverlay",
                                                                "%1 stalls, the worst:\n%2")
                                        .arg(Format::count(cluster.count), cluster.worst->text);
    }
    if (position.y() >= plot.top())
        return {};
    QStringList names;
    for (const LegendEntry &entry : legend)
        names << entry.name;
    return names.join(QLatin1Char('\n'));
}

void PlotOverlay::paint(QPainter &painter, const QRectF &plot) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    paintTimeLabels(painter, *this, plot);
    paintVerticalLabels(painter, left, plot, Qt::AlignRight);
    paintVerticalLabels(painter, right, plot, Qt::AlignLeft);
    paintHeader(painter, *this, plot);
    paintSelection(painter, *this, plot);
    paintMarks(painter, *this, plot);
    paintCursor(painter, *this, plot);
    painter.restore();
}

PlotMargins PlotMargins::of(const QFont &font)
{
    const QFontMetrics metrics(font);
    const int left = metrics.horizontalAdvance(QStringLiteral("0000 k/s")) + 8;
    return {left, metrics.height() + 14, 12, metrics.height() + 8};
}

QRect PlotMargins::plotIn(const QRect &outer) const
{
    const QRect plot = outer.adjusted(left, top, -right, -bottom);
    return {plot.topLeft(), QSize(std::max(plot.width(), 10), std::max(plot.height(), 10))};
}

void paintFocus(QPainter &painter, const QRect &chart)
{
    painter.setPen(Theme::current().accent);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(chart.adjusted(0, 0, -1, -1));
}

} // namespace Flywheel::Monitor
