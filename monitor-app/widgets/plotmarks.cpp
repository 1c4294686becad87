// SPDX-License-Identifier: MIT
#include "plotmarks.h"

#include "model/format.h"
#include "theme.h"
#include "tint.h"

#include <QtGui/qpainter.h>

#include <algorithm>
#include <optional>
#include <utility>

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
    tint(painter, rect, fill);
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
    const double top = plot.top() + MarkSize;
    tint(painter, {cluster.x() - 0.5, top, 1, plot.bottom() - top}, line);
}

constexpr double LabelGap = 3;

/// The duration stands first in a label and says the most.
QString shortened(const QString &label)
{
    return label.section(QStringLiteral(" · "), 0, 0);
}

QString labelOf(const PlotOverlay &overlay, const MarkCluster &cluster)
{
    if (cluster.shape != TimeMark::Shape::Stall)
        return {};
    if (cluster.worst->ongoing)
        return overlay.labelsStalls ? cluster.worst->label : shortened(cluster.worst->label);
    if (cluster.count > 1)
        return QStringLiteral("×") + Format::count(cluster.count);
    return overlay.labelsStalls ? cluster.worst->label : QString();
}

/// What stands in the row of the signs: the signs and the labels so far.
class SignRow
{
public:
    SignRow(const std::vector<MarkCluster> &clusters, const QRectF &plot) : m_plot(plot)
    {
        for (const MarkCluster &cluster : clusters)
            m_taken.push_back({cluster.x() - MarkSize, cluster.x() + MarkSize, cluster.shape});
    }

    /// Where a text of \a width begins that stands right of \a left: behind a ◆ that stands there.
    std::optional<double> rightOf(double left, double width, double limit) const
    {
        for (const Taken &each : m_taken) { // from left to right, but for labels, which are no ◆
            const bool isBeside = each.right > left && each.left < left + 2 * MarkSize;
            if (isBeside && each.shape == TimeMark::Shape::Threshold)
                left = each.right + LabelGap;
        }
        return isFree(left, left + width) && left + width <= limit ? std::optional(left) : std::nullopt;
    }
    std::optional<double> leftOf(double right, double width) const
    {
        return isFree(right - width, right) ? std::optional(right - width) : std::nullopt;
    }
    void take(double left, double right) { m_taken.push_back({left, right, TimeMark::Shape::Stall}); }

private:
    struct Taken
    {
        double left, right;
        TimeMark::Shape shape;
    };

    bool isFree(double left, double right) const
    {
        return left >= m_plot.left() && right <= m_plot.right() &&
               std::ranges::none_of(m_taken, [&](const Taken &each) {
                   return each.left < right + 2 && each.right > left - 2;
               });
    }

    const QRectF m_plot;
    std::vector<Taken> m_taken;
};

struct Place
{
    double left;
    bool isInside; ///< on the tint of its stall
};

/// Right of the stall, or else inside it. One that reaches the plot's end has its label on the left rather
/// than none.
std::optional<Place> placeOf(const SignRow &row, const MarkCluster &cluster, const QRectF &stall,
                             double width, const QRectF &plot)
{
    const double sign = cluster.right + MarkSize + LabelGap;
    const double end = std::max(sign, stall.right() + MarkSize + LabelGap);
    if (const auto left = row.rightOf(end, width, plot.right()))
        return Place{*left, false};
    if (const auto left = row.rightOf(sign, width, stall.right() - 2))
        return Place{*left, true};
    if (end + width <= plot.right())
        return {}; // the next sign is in the way, and what stands left of this one seems to be another's
    const auto left = row.leftOf(cluster.left - MarkSize - LabelGap, width);
    return left ? std::optional(Place{*left, false}) : std::nullopt;
}

std::optional<MarkLabel> labelFor(const PlotOverlay &overlay, const MarkCluster &cluster, SignRow &row,
                                  const QRectF &plot, const QFontMetricsF &metrics)
{
    const QString whole = labelOf(overlay, cluster);
    const QRectF stall = stallRect(overlay, *cluster.worst, plot);
    for (const QString &text : {whole, shortened(whole)}) {
        const double width = metrics.horizontalAdvance(text);
        if (text.isEmpty())
            continue;
        if (const auto place = placeOf(row, cluster, stall, width, plot)) {
            row.take(place->left, place->left + width);
            return MarkLabel{text,
                             {place->left, plot.top() - 1, width + 1, metrics.height()},
                             cluster.worst->ongoing && !place->isInside};
        }
    }
    return {};
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

std::vector<MarkLabel> labelsOf(const PlotOverlay &overlay, const QRectF &plot, const QFontMetricsF &metrics)
{
    const std::vector<MarkCluster> clusters = clustersOf(overlay, plot);
    SignRow row(clusters, plot);
    std::vector<MarkLabel> labels;
    for (const bool ongoing : {true, false}) { // what goes on tells the most
        for (const MarkCluster &cluster : clusters) {
            if (cluster.worst->ongoing != ongoing)
                continue;
            if (auto label = labelFor(overlay, cluster, row, plot, metrics))
                labels.push_back(std::move(*label));
        }
    }
    return labels;
}

void paintMarks(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot)
{
    for (const TimeMark &mark : overlay.marks)
        paintSpan(painter, overlay, mark, plot);
    const std::vector<MarkCluster> clusters = clustersOf(overlay, plot);
    for (const MarkCluster &cluster : clusters)
        paintSign(painter, cluster, plot);
    const Theme &theme = Theme::current();
    for (const MarkLabel &label : labelsOf(overlay, plot, QFontMetricsF(painter.font()))) {
        painter.setPen(label.stressed ? theme.vermillion : theme.text);
        painter.drawText(label.rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, label.text);
    }
}

} // namespace Flywheel::Monitor
