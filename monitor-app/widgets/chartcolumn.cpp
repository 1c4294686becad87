// SPDX-License-Identifier: MIT
#include "chartcolumn.h"

#include "chartgrid.h"
#include "timelineview.h"

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

/// In pixels: in less, the charts would have to fold or become too low.
constexpr int LowestWithTimeline = 560;

} // namespace

ChartColumn::ChartColumn(ChartGrid *charts, TimelineView *timeline, QWidget *parent)
    : QSplitter(Qt::Vertical, parent)
    , m_charts(charts)
    , m_timeline(timeline)
{
    setChildrenCollapsible(false);
    setHandleWidth(3);
    addWidget(charts);
    addWidget(timeline);
    setStretchFactor(0, 1);
    connect(this, &QSplitter::splitterMoved, this, [this] { m_isSized = true; });
}

bool ChartColumn::isTimelineShown() const
{
    return m_isShown;
}

void ChartColumn::showTimeline(bool shown)
{
    m_isChosen = true;
    setTimelineShown(shown);
}

void ChartColumn::showCharts(bool shown)
{
    if (shown == m_charts->isVisibleTo(this))
        return;
    m_charts->setVisible(shown);
    setTimelineShown(!shown || (m_isChosen ? m_isShown : height() >= LowestWithTimeline));
}

void ChartColumn::setTimelineShown(bool shown)
{
    if (shown == m_isShown)
        return;
    m_isShown = shown;
    m_timeline->setVisible(shown);
    fit();
    Q_EMIT timelineShown(shown);
}

void ChartColumn::fit()
{
    if (m_isSized || !m_isShown || !m_charts->isVisibleTo(this))
        return;
    const int most = std::max(m_timeline->minimumSizeHint().height(), height() / 2);
    const int wanted = std::min(m_timeline->sizeHint().height(), most);
    if (m_timeline->height() != wanted)
        setSizes({std::max(height() - handleWidth() - wanted, 1), wanted});
}

void ChartColumn::resizeEvent(QResizeEvent *event)
{
    QSplitter::resizeEvent(event);
    if (!m_isChosen && m_charts->isVisibleTo(this))
        setTimelineShown(height() >= LowestWithTimeline);
    fit();
}

} // namespace Flywheel::Monitor
