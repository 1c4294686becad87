// SPDX-License-Identifier: MIT
#include "heatmapview.h"

#include "model/format.h"
#include "theme.h"
#include "ticks.h"
#include "timeinput.h"

#include <QtGui/qevent.h>
#include <QtGui/qpainter.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace Flywheel::Monitor {

namespace {

constexpr int ScaleWidth = 8;
constexpr int ScaleGap = 8;

/// From few to many. Lightness rises on the dark ground and falls on the light one, so that the order is seen
/// without colours too.
std::array<QColor, 4> ramp()
{
    if (Theme::current().kind == Theme::Kind::Dark)
        return {QColor(0x1f, 0x3a, 0x5f), QColor(0x2a, 0x7f, 0xc0), QColor(0x7f, 0xc9, 0xc0),
                QColor(0xf8, 0xee, 0x7a)};
    return {QColor(0xd3, 0xe8, 0xf6), QColor(0x6c, 0xb8, 0xe6), QColor(0x00, 0x72, 0xb2),
            QColor(0x0b, 0x25, 0x45)};
}

} // namespace

HeatMapView::HeatMapView(TimeScope &scope, QWidget *parent) : QWidget(parent), m_scope(scope)
{
    m_overlay.title = tr("Heat map");
    setAccessibleName(m_overlay.title);
    setFocusPolicy(Qt::StrongFocus);
    auto *input = new TimeInput(this, scope, m_overlay, [this] { return plotRect(); });
    connect(input, &TimeInput::markClicked, this, &HeatMapView::markClicked);
    const auto redraw = [this] { update(); };
    connect(&scope, &TimeScope::visibleChanged, this, redraw);
    connect(&scope, &TimeScope::selectionChanged, this, redraw);
    connect(&scope, &TimeScope::cursorChanged, this, redraw);
}

QRectF HeatMapView::plotRect() const
{
    PlotMargins margins = PlotMargins::of(font());
    margins.right += ScaleGap + ScaleWidth + fontMetrics().horizontalAdvance(QStringLiteral("00.0 k"));
    return margins.plotIn(rect());
}

QSize HeatMapView::minimumSizeHint() const
{
    return {200, 90};
}

void HeatMapView::setMap(HeatMap map)
{
    m_map = std::move(map);
    renderImage();
    update();
}

void HeatMapView::setMarks(std::vector<TimeMark> marks)
{
    m_overlay.marks = std::move(marks);
    update();
}

void HeatMapView::setWallOffset(Duration offset)
{
    m_overlay.wallOffset = offset;
}

void HeatMapView::applyTheme()
{
    renderImage();
    update();
}

QColor HeatMapView::colorOf(double count, double most)
{
    const auto colors = ramp();
    const double share =
        most <= 1 ? 1 : std::clamp(std::log(std::max(count, 1.0)) / std::log(most), 0.0, 1.0);
    const double place = share * (colors.size() - 1);
    const auto lower = std::min(std::size_t(place), colors.size() - 2);
    return mixed(colors[lower], colors[lower + 1], place - double(lower));
}

void HeatMapView::renderImage()
{
    const int columns = int(m_map.columns.size());
    const int rows = int(HeatMap::Rows);
    m_image = QImage(std::max(columns, 1), rows, QImage::Format_ARGB32_Premultiplied);
    m_image.fill(Qt::transparent);
    for (int column = 0; column < columns; ++column) {
        const auto &counts = m_map.columns[std::size_t(column)];
        for (int row = 0; row < rows; ++row)
            if (const std::uint32_t count = counts[std::size_t(row)]; count > 0)
                m_image.setPixelColor(column, rows - 1 - row, colorOf(count, m_map.maximum));
    }
}

void HeatMapView::paintCells(QPainter &painter, const QRectF &plot) const
{
    painter.save();
    painter.setClipRect(plot);
    const double left = m_overlay.xOf(m_map.span.begin, plot);
    const double right = m_overlay.xOf(m_map.span.end, plot);
    painter.drawImage(QRectF(left, plot.top(), right - left, plot.height()), m_image);
    painter.restore();
}

void HeatMapView::paintScale(QPainter &painter, const QRectF &plot) const
{
    if (m_map.maximum == 0)
        return;
    const QRectF bar(plot.right() + ScaleGap, plot.top(), ScaleWidth, plot.height());
    QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
    const auto colors = ramp();
    for (std::size_t i = 0; i < colors.size(); ++i)
        gradient.setColorAt(double(i) / double(colors.size() - 1), colors[i]);
    painter.fillRect(bar, gradient);
    const int height = fontMetrics().height();
    painter.setPen(Theme::current().quiet);
    const double left = bar.right() + 4;
    const QRectF most(left, bar.top(), width() - left, height);
    const QRectF least(left, bar.bottom() - height, width() - left, height);
    painter.drawText(most, Qt::AlignVCenter, Format::count(m_map.maximum));
    painter.drawText(least, Qt::AlignVCenter, Format::count(1));
}

std::vector<LegendEntry> HeatMapView::valuesAt(Time time) const
{
    if (m_map.columns.empty() || !m_map.span.contains(time))
        return {};
    const auto share = double((time - m_map.span.begin).count()) / double(m_map.span.length().count());
    const auto column = std::min(std::size_t(share * double(m_map.columns.size())), m_map.columns.size() - 1);
    std::uint64_t total = 0;
    std::optional<std::size_t> longest;
    for (std::size_t row = 0; row < HeatMap::Rows; ++row) {
        const std::uint32_t count = m_map.columns[column][row];
        total += count;
        if (count > 0)
            longest = row;
    }
    const QColor quiet = Theme::current().quiet;
    const auto entry = [&](const QString &name, const QString &value) {
        return LegendEntry{name, quiet, 1, Qt::NoPen, false, value};
    };
    if (!m_map.known[column])
        return {entry(tr("nothing known"), Format::none())};
    std::vector<LegendEntry> values{entry(tr("durations"), Format::count(total))};
    if (longest)
        values.push_back(entry(tr("longest up to"), Format::duration(HeatMap::lowerBound(*longest + 1))));
    return values;
}

void HeatMapView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().base);
    const QRectF plot = plotRect();
    const int labels = std::max(2, int(plot.height()) / (2 * fontMetrics().height()));
    m_overlay.left = durationTicks(HeatMap::Shortest, HeatMap::Longest, labels);
    m_overlay.span = m_scope.visible();
    m_overlay.selection = m_scope.selection();
    m_overlay.cursor = m_scope.cursor();
    m_overlay.values = m_overlay.cursor ? valuesAt(*m_overlay.cursor) : std::vector<LegendEntry>();
    paintCells(painter, plot);
    painter.setPen(Theme::current().grid);
    painter.drawRect(plot);
    paintScale(painter, plot);
    m_overlay.paint(painter, plot);
    if (hasFocus())
        paintFocus(painter, rect());
}

void HeatMapView::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void HeatMapView::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace Flywheel::Monitor
