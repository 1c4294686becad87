// SPDX-License-Identifier: MIT
#pragma once

#include <QtWidgets/qsplitter.h>

namespace Flywheel::Monitor {

class ChartGrid;
class TimelineView;

/// The charts and, below them, the timeline, which is shown where both have room, until somebody decides.
class ChartColumn : public QSplitter
{
    Q_OBJECT
public:
    ChartColumn(ChartGrid *charts, TimelineView *timeline, QWidget *parent = nullptr);

    bool isTimelineShown() const;
    void showTimeline(bool shown);
    /// Without charts there is the timeline alone: of a loop of which no figures came.
    void showCharts(bool shown);
    /// Gives the timeline the height that its lanes need, unless somebody chose another one.
    void fit();

Q_SIGNALS:
    void timelineShown(bool shown);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setTimelineShown(bool shown);

    ChartGrid *m_charts;
    TimelineView *m_timeline;
    bool m_isShown = true;
    bool m_isChosen = false;
    bool m_isSized = false; ///< by hand
};

} // namespace Flywheel::Monitor
