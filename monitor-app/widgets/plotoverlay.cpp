// SPDX-License-Identifier: MIT
#include "plotoverlay.h"

#include "theme.h"

#include <QtGui/qfontmetrics.h>
#include <QtGui/qpainter.h>
#include <QtGui/qpainterpath.h>

#include <algorithm>
#include <cmath>

namespace Flywheel::Monitor {

namespace {

constexpr double MarkSize = 5;
constexpr double SampleLength = 14;

double shareOf(Duration part, Duration whole)
{
    return double(part.count()) / double(std::max<Duration::rep>(whole.count(), 1));
}

QRectF markRect(double x, const QRectF &plot)
{
    return {x - MarkSize, plot.top() - 1, 2 * MarkSize, 1.7 * MarkSize};
}

QPolygonF markShape(TimeMark::Shape shape, const QRectF &rect)
{
    if (shape == TimeMark::Shape::Stall)
        return QPolygonF({rect.topLeft(), rect.topRight(), QPointF(rect.center().x(), rect.bottom())});
    return QPolygonF({QPointF(rect.center().x(), rect.top()), QPointF(rect.right(), rect.center().y()),
                      QPointF(rect.center().x(), rect.bottom()), QPointF(rect.left(), rect.center().y())});
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
    painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), fill);
    painter.setPen(Theme::current().accent);
    painter.drawLine(QPointF(left, plot.top()), QPointF(left, plot.bottom()));
    painter.drawLine(QPointF(right, plot.top()), QPointF(right, plot.bottom()));
}

void paintMarks(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot)
{
    const Theme &theme = Theme::current();
    double lastX = -1e9;
    for (const TimeMark &mark : overlay.marks) {
        const double x = overlay.xOf(mark.time, plot);
        if (x < plot.left() || x > plot.right() || x - lastX < 1)
            continue;
        lastX = x;
        const QColor color = mark.shape == TimeMark::Shape::Stall ? theme.vermillion : theme.orange;
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawPolygon(markShape(mark.shape, markRect(x, plot)));
        QColor line = color;
        line.setAlpha(110);
        painter.setPen(QPen(line, 1, Qt::DotLine));
        painter.drawLine(QPointF(x, plot.top() + MarkSize), QPointF(x, plot.bottom()));
    }
}

void paintSample(QPainter &painter, const LegendEntry &entry, double left, double middle)
{
    if (entry.filled) {
        painter.fillRect(QRectF(left + 2, middle - 4, 8, 8), entry.color);
        return;
    }
    painter.setPen(QPen(entry.color, entry.width, entry.style));
    painter.drawLine(QPointF(left, middle), QPointF(left + SampleLength - 3, middle));
}

/// From the right end leftwards; what has no room left is left out, the title first of all kept.
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
    painter.drawText(QRectF(8, top, plot.right() - 8, height), Qt::AlignLeft | Qt::AlignVCenter,
                     overlay.title);

    painter.setFont(plain);
    const QFontMetrics metrics(plain);
    const double limit = 8 + boldMetrics.horizontalAdvance(overlay.title) + 12;
    double right = painter.window().right() - 8;
    for (auto entry = overlay.legend.rbegin(); entry != overlay.legend.rend(); ++entry) {
        const double width = metrics.horizontalAdvance(entry->name);
        const double left = right - width - SampleLength - 2;
        if (left < limit)
            break;
        paintSample(painter, *entry, left, top + height / 2);
        painter.setPen(theme.quiet);
        painter.drawText(QRectF(right - width, top, width + 1, height), Qt::AlignVCenter, entry->name);
        right = left - 10;
    }
}

struct ValueBox
{
    QRectF rect;
    double line, nameWidth, valueWidth;
};

ValueBox valueBoxOf(const PlotOverlay &overlay, const QRectF &plot, const QFontMetrics &metrics, double x)
{
    double nameWidth = 0, valueWidth = 0;
    for (const LegendEntry &entry : overlay.values) {
        nameWidth = std::max(nameWidth, double(metrics.horizontalAdvance(entry.name)));
        valueWidth = std::max(valueWidth, double(metrics.horizontalAdvance(entry.value)));
    }
    const double line = metrics.height();
    const double width = nameWidth + valueWidth + SampleLength + 26;
    const double height = line * double(overlay.values.size()) + 8;
    const double left = x + 10 + width > plot.right() ? x - 10 - width : x + 10;
    return {QRectF(std::max(left, 2.0), plot.top() + 4, width, height), line, nameWidth, valueWidth};
}

void paintValues(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot, double x)
{
    if (overlay.values.empty())
        return;
    const Theme &theme = Theme::current();
    const ValueBox box = valueBoxOf(overlay, plot, QFontMetrics(painter.font()), x);
    QColor ground = theme.raised;
    ground.setAlpha(235);
    painter.setPen(theme.grid);
    painter.setBrush(ground);
    painter.drawRoundedRect(box.rect, 4, 4);
    double top = box.rect.top() + 4;
    for (const LegendEntry &entry : overlay.values) {
        const double left = box.rect.left() + 8;
        paintSample(painter, entry, left, top + box.line / 2);
        painter.setPen(theme.quiet);
        painter.drawText(QRectF(left + SampleLength + 2, top, box.nameWidth + 1, box.line), Qt::AlignVCenter,
                         entry.name);
        painter.setPen(theme.text);
        painter.drawText(QRectF(box.rect.right() - 8 - box.valueWidth, top, box.valueWidth + 1, box.line),
                         Qt::AlignVCenter | Qt::AlignRight, entry.value);
        top += box.line;
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
    const auto hit = [&](const TimeMark &mark) {
        return markRect(xOf(mark.time, plot), plot).adjusted(-2, -3, 2, 3).contains(position);
    };
    const auto mark = std::find_if(marks.rbegin(), marks.rend(), hit);
    return mark == marks.rend() ? nullptr : &*mark;
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

} // namespace Flywheel::Monitor
