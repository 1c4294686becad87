// SPDX-License-Identifier: MIT
#include "timechart.h"

#include "theme.h"
#include "timeinput.h"

#include <QtCharts/qchart.h>
#include <QtCharts/qlegend.h>
#include <QtCore/qcoreapplication.h>
#include <QtGui/qevent.h>
#include <QtGui/qpainter.h>

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
    chart()->setBackgroundRoundness(0);
    chart()->setMargins(QMargins());
    chart()->addAxis(m_horizontal, Qt::AlignBottom);
    chart()->addAxis(m_vertical, Qt::AlignLeft);
    m_horizontal->setLabelsVisible(false);
    m_horizontal->setGridLineVisible(false);

    auto *input = new TimeInput(viewport(), scope, m_overlay, [this] { return plotRect(); });
    installEventFilter(input); // keys arrive here, all else at the viewport
    connect(input, &TimeInput::markClicked, this, &TimeChart::markClicked);
    connect(&scope, &TimeScope::visibleChanged, this, &TimeChart::showSpan);
    connect(&scope, &TimeScope::selectionChanged, this, &TimeChart::showSelection);
    connect(&scope, &TimeScope::cursorChanged, this, &TimeChart::showCursor);
    TimeChart::applyTheme();
    showSpan();
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
    m_right->setGridLineVisible(false);
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
    const Theme &theme = Theme::current();
    chart()->setBackgroundBrush(theme.base);
    chart()->setBackgroundPen(Qt::NoPen);
    setBackgroundBrush(theme.base);
    for (QAbstractAxis *axis : chart()->axes()) {
        axis->setGridLinePen(QPen(theme.grid, 1));
        axis->setLinePen(QPen(theme.grid, 1));
    }
    viewport()->update();
}

void TimeChart::showSpan()
{
    m_overlay.span = m_scope.visible();
    m_horizontal->setRange(chartX(m_overlay.span.begin), chartX(m_overlay.span.end));
    showCursor();
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

void TimeChart::drawForeground(QPainter *painter, const QRectF &)
{
    // Here and not when the cursor moves: the values change with each frame too.
    m_overlay.values = m_overlay.cursor ? valuesAt(*m_overlay.cursor) : std::vector<LegendEntry>();
    m_overlay.left = m_vertical->ticks();
    m_overlay.right = m_right ? m_right->ticks() : std::vector<Tick>();
    painter->setFont(font());
    m_overlay.paint(*painter, plotRect());
    if (hasFocus()) {
        painter->setPen(QPen(Theme::current().accent, 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
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
