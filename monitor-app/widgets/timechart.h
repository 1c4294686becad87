// SPDX-License-Identifier: MIT
#pragma once

#include "gappedline.h"
#include "labelledaxis.h"
#include "plotoverlay.h"
#include "timescope.h"

#include <QtCharts/qchartview.h>
#include <QtCharts/qvalueaxis.h>

#include <functional>

namespace Flywheel::Monitor {

/// A chart over the shared time axis: what all kinds have in common. They add their series and tell the
/// values at the cursor. Focus reaches it by Tab.
class TimeChart : public QChartView
{
    Q_OBJECT
public:
    TimeChart(const QString &title, TimeScope &scope, QWidget *parent = nullptr);

    void setMarks(std::vector<TimeMark> marks);
    /// Takes in the span that is now visible, if it is new, before all the points that the chart shows are
    /// set anew: it empties the series, for else Qt Charts would lay out the old points on the new axis, too.
    /// Without this call the next painting takes in the span and leaves the points.
    void takeSpan();
    /// From the scope's clock to the epoch's.
    void setWallOffset(Duration offset);
    /// Takes the colours of the current theme.
    virtual void applyTheme();
    const PlotOverlay &overlay() const { return m_overlay; }
    QRectF plotRect() const;

Q_SIGNALS:
    void markClicked(std::chrono::nanoseconds time);

protected:
    /// What stands beside the cursor at \a time.
    virtual std::vector<LegendEntry> valuesAt(Time time) const = 0;
    void setLegend(std::vector<LegendEntry> legend) { m_overlay.legend = std::move(legend); }
    /// Where the legend has no room, its last entries are left out, not its first.
    void keepFirstOfLegend() { m_overlay.legendKeepsFirst = true; }
    /// Writes beside each stall how long it took and who it was, where there is room.
    void labelStalls() { m_overlay.labelsStalls = true; }
    /// How far from the cursor a point may lie whose value is shown.
    Duration reach() const { return reachIn(m_overlay.span); }

    QValueAxis *horizontal() const { return m_horizontal; }
    LabelledAxis *vertical() const { return m_vertical; }
    /// Areas below the curves, above the grid.
    virtual void drawAreas(QPainter &) {}
    /// Tells where points lie on the viewport now, by the left axis.
    std::function<QPointF(const Point &)> places() const;
    /// A second vertical axis; the chart owns it.
    LabelledAxis *addRightAxis();

    /// Grid and axes. Qt Charts leaves its own at the size of the first layout where the plot area is set.
    void drawBackground(QPainter *painter, const QRectF &rect) override;
    void paintEvent(QPaintEvent *event) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    /// The scene must not take the keys that TimeInput handles on the viewport.
    void keyPressEvent(QKeyEvent *event) override;

private:
    void layOut();
    void showSpan();
    void setRange();
    void showSelection();
    void showCursor();

    TimeScope &m_scope;
    PlotOverlay m_overlay;
    QValueAxis *m_horizontal;
    LabelledAxis *m_vertical;
    LabelledAxis *m_right = nullptr;
    bool m_isSpanNew = true; ///< the axis does not have it yet
};

} // namespace Flywheel::Monitor
