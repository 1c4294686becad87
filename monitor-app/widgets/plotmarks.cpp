// SPDX-License-Identifier: MIT
#include "plotmarks.h"

#include "model/format.h"
#include "theme.h"

#include <QtGui/qpainter.h>

#include <algorithm>
#include <limits>

namespace Flywheel::Monitor {

namespace {

constexpr double MarkSize = 5;
constexpr double ClusterDistance = 2 * MarkSize + 1; ///< signs that are nearer overlap
constexpr double NarrowestStall = 2;                 ///< in pixels

QPolygonF markShape(TimeMark::Shape shape, const QRectF &rect)
{
    if (shape == TimeMark::Shape::Stall)
        return QPolygonF({rect.topLeft(), rect.topRight(), QPointF(rect.center().x(), rect.bottom())});
    return QPolygonF({QPointF(rect.center().x(), rect.top()), QPointF(rect.right(), rect.center().y()),
                      QPointF(rect.center().x(), rect.bottom()), QPointF(rect.left(), rect.center().y())});
}

QColor colorOf(TimeMark::Shape shape)
{
    const Theme &theme = Theme::current();
    return shape == TimeMark::Shape::Stall ? theme.vermillion : theme.orange;
}

void paintSpan(QPainter &painter, const PlotOverlay &overlay, const TimeMark &mark, const QRectF &plot)
{
    const QRectF rect = stallRect(overlay, mark, plot);
    if (rect.isEmpty())
        return;
    QColor fill = Theme::current().vermillion;
    fill.setAlpha(mark.ongoing ? 120 : 64);
    painter.fillRect(rect, fill);
    if (mark.ongoing) {
        painter.setPen(QPen(Theme::current().vermillion, 2));
        painter.drawLine(rect.topRight(), rect.bottomRight());
    }
}

void paintSign(QPainter &painter, const MarkCluster &cluster, const QRectF &plot)
{
    const QColor color = colorOf(cluster.shape);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(markShape(cluster.shape, markRect(cluster.x(), plot)));
    QColor line = color;
    line.setAlpha(70);
    painter.setPen(QPen(line, 1)); // not dotted: that costs more than the curves
    painter.drawLine(QPointF(cluster.x(), plot.top() + MarkSize), QPointF(cluster.x(), plot.bottom()));
}

QString labelOf(const PlotOverlay &overlay, const MarkCluster &cluster)
{
    if (cluster.count > 1)
        return QStringLiteral("×") + Format::count(cluster.count);
    return overlay.labelsStalls ? cluster.worst->label : QString();
}

/// Beside the sign; an ongoing one's on the other side where the plot ends. Left out where the next sign
/// stands.
void paintLabel(QPainter &painter, const PlotOverlay &overlay, const MarkCluster &cluster, double next,
                const QRectF &plot)
{
    const QFontMetricsF metrics(painter.font());
    const bool ongoing = cluster.worst->ongoing;
    QString text = labelOf(overlay, cluster);
    if (text.isEmpty())
        return;
    const double left =
        std::max(cluster.right, stallRect(overlay, *cluster.worst, plot).right()) + MarkSize + 3;
    const double room = next - left;
    const double width = metrics.horizontalAdvance(text);
    QRectF rect(left, plot.top() - 1, room, metrics.height());
    int side = Qt::AlignLeft;
    if (ongoing && room < width) {
        rect.setRect(plot.left(), rect.top(), cluster.left - MarkSize - 3 - plot.left(), rect.height());
        side = Qt::AlignRight;
    } else if (room < width) {
        // The duration stands first and says the most.
        text = text.section(QStringLiteral(" · "), 0, 0);
        if (room < metrics.horizontalAdvance(text))
            return;
    }
    painter.setPen(ongoing ? Theme::current().vermillion : Theme::current().text);
    painter.drawText(rect, side | Qt::AlignVCenter | Qt::TextSingleLine, text);
}

} // namespace

QRectF markRect(double x, const QRectF &plot)
{
    return {x - MarkSize, plot.top() - 1, 2 * MarkSize, 1.7 * MarkSize};
}

QRectF stallRect(const PlotOverlay &overlay, const TimeMark &mark, const QRectF &plot)
{
    if (mark.end <= mark.time || mark.time >= overlay.span.end || mark.end <= overlay.span.begin)
        return {};
    const double left = std::max(overlay.xOf(mark.time, plot), plot.left());
    const double right = std::min(overlay.xOf(mark.end, plot), plot.right());
    return {left, plot.top(), std::max(right - left, NarrowestStall), plot.height()};
}

std::vector<MarkCluster> clustersOf(const PlotOverlay &overlay, const QRectF &plot)
{
    std::vector<MarkCluster> clusters;
    for (const TimeMark &mark : overlay.marks) {
        // One that began before what is shown has its sign where that begins.
        const bool reachesIn = mark.end > overlay.span.begin && mark.time < overlay.span.begin;
        const double x = reachesIn ? plot.left() : overlay.xOf(mark.time, plot);
        if (x < plot.left() || x > plot.right())
            continue;
        const auto near = std::find_if(clusters.rbegin(), clusters.rend(),
                                       [&](const MarkCluster &each) { return each.shape == mark.shape; });
        // A sign keeps its place while more come: only what is near its begin joins it.
        if (near == clusters.rend() || x - near->left >= ClusterDistance || mark.ongoing) {
            clusters.push_back({mark.shape, &mark, 1, x, x});
            continue;
        }
        ++near->count;
        near->right = x;
        if (mark.end - mark.time > near->worst->end - near->worst->time)
            near->worst = &mark;
    }
    return clusters;
}

void paintMarks(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot)
{
    for (const TimeMark &mark : overlay.marks)
        paintSpan(painter, overlay, mark, plot);
    const std::vector<MarkCluster> clusters = clustersOf(overlay, plot);
    for (const MarkCluster &cluster : clusters)
        paintSign(painter, cluster, plot);
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        const double next = i + 1 < clusters.size() ? clusters[i + 1].left - MarkSize - 2 : plot.right();
        paintLabel(painter, overlay, clusters[i], next, plot);
    }
}

} // namespace Flywheel::Monitor
