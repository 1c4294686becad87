// SPDX-License-Identifier: MIT
#include "timechart.h"

#include "theme.h"
#include "timeinput.h"

#include <QtCharts/qchart.h>
#include <QtCharts/qlegend.h>
#include <QtCharts/qxyseries.h>
#include <QtCore/qcoreapplication.h>
#include <QtGui/qevent.h>
#include <QtGui/qpainter.h>

#include <algorithm>
#include <utility>

namespace Flywheel::Monitor {

TimeChart::TimeChart(const QString &title, TimeScope &scope, QWidget *parent)
    : QChartView(new QChart, parent)
    , m_scope(scope)
    , m_horizontal(new QValueAxis(this))
    , m_vertical(new LabelledAxis(this))
{
    m_overlay.title = title;
    setAccessibleName(title);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setRubberBand(QChartView::NoRubberBand);
    chart()->legend()->hide();
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->setBackgroundVisible(false);
    chart()->setMargins(QMargins());
    chart()->addAxis(m_horizontal, Qt::AlignBottom);
    chart()->addAxis(m_vertical, Qt::AlignLeft);
    m_horizontal->setVisible(false);
    m_vertical->setVisible(false);

    auto *input = new TimeInput(viewport(), scope, m_overlay, [this] { return plotRect(); });
    installEventFilter(input); // keys arrive here, all else at the viewport
    connect(input, &TimeInput::markClicked, this, &TimeChart::markClicked);
    connect(&scope, &TimeScope::visibleChanged, this, &TimeChart::showSpan);
    connect(&scope, &TimeScope::selectionChanged, this, &TimeChart::showSelection);
    connect(&scope, &TimeScope::cursorChanged, this, &TimeChart::showCursor);
    TimeChart::applyTheme();
    showSpan();
    setRange();
    layOut();
}

QRectF TimeChart::plotRect() const
{
    PlotMargins margins = PlotMargins::of(font());
    if (m_right)
        margins.right = margins.left;
    return margins.plotIn(viewport()->rect());
}

LabelledAxis *TimeChart::addRightAxis()
{
    m_right = new LabelledAxis(this);
    chart()->addAxis(m_right, Qt::AlignRight);
    m_right->setVisible(false);
    return m_right;
}

void TimeChart::setMarks(std::vector<TimeMark> marks)
{
    m_overlay.marks = std::move(marks);
    viewport()->update();
}

void TimeChart::setWallOffset(Duration offset)
{
    m_overlay.wallOffset = offset;
}

void TimeChart::applyTheme()
{
    setBackgroundBrush(Theme::current().base);
    viewport()->update();
}

void TimeChart::showSpan()
{
    m_overlay.span = m_scope.visible();
    m_isSpanNew = true;
    showCursor();
}

void TimeChart::takeSpan()
{
    if (!m_isSpanNew)
        return;
    for (QAbstractSeries *series : chart()->series())
        if (auto *points = qobject_cast<QXYSeries *>(series); points && points->count() > 0)
            points->clear();
    setRange();
}

void TimeChart::setRange()
{
    m_isSpanNew = false;
    m_horizontal->setRange(chartX(m_overlay.span.begin), chartX(m_overlay.span.end));
}

/// Somebody moves the view, and data do not come at once.
void TimeChart::paintEvent(QPaintEvent *event)
{
    if (m_isSpanNew)
        setRange();
    QChartView::paintEvent(event);
}

std::function<QPointF(const Point &)> TimeChart::places() const
{
    const QRectF plot = plotRect();
    const double lowest = m_vertical->min();
    const double range = std::max(m_vertical->max() - lowest, 1e-9);
    return [this, plot, lowest, range](const Point &point) {
        return QPointF(m_overlay.xOf(point.at, plot),
                       plot.bottom() - (point.value - lowest) / range * plot.height());
    };
}

void TimeChart::showSelection()
{
    m_overlay.selection = m_scope.selection();
    viewport()->update();
}

void TimeChart::showCursor()
{
    m_overlay.cursor = m_scope.cursor();
    viewport()->update();
}

void TimeChart::drawBackground(QPainter *painter, const QRectF &rect)
{
    const QRectF plot = plotRect();
    painter->fillRect(rect, Theme::current().base);
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(QPen(Theme::current().grid, 1));
    const double lowest = m_vertical->min();
    const double range = std::max(m_vertical->max() - lowest, 1e-9);
    for (const Tick &tick : m_vertical->ticks()) {
        const double y = plot.bottom() - (tick.position - lowest) / range * plot.height();
        painter->drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }
    painter->drawLine(plot.topLeft(), plot.bottomLeft());
    painter->drawLine(plot.topRight(), plot.bottomRight());
    painter->save();
    painter->setClipRect(plot);
    painter->setRenderHint(QPainter::Antialiasing);
    drawAreas(*painter);
    painter->restore();
}

void TimeChart::drawForeground(QPainter *painter, const QRectF &)
{
    // Here and not when the cursor moves: the values change with each frame too.
    m_overlay.values = m_overlay.cursor ? valuesAt(*m_overlay.cursor) : std::vector<LegendEntry>();
    m_overlay.left = m_vertical->ticks();
    m_overlay.right = m_right ? m_right->ticks() : std::vector<Tick>();
    painter->setFont(font());
    m_overlay.paint(*painter, plotRect());
    if (hasFocus())
        paintFocus(*painter, viewport()->rect());
}

void TimeChart::layOut()
{
    chart()->setPlotArea(plotRect());
}

void TimeChart::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    layOut();
}

void TimeChart::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        layOut();
    }
}

void TimeChart::focusInEvent(QFocusEvent *event)
{
    QChartView::focusInEvent(event);
    viewport()->update();
}

void TimeChart::focusOutEvent(QFocusEvent *event)
{
    QChartView::focusOutEvent(event);
    viewport()->update();
}

void TimeChart::keyPressEvent(QKeyEvent *event)
{
    event->ignore();
}

} // namespace Flywheel::Monitor
