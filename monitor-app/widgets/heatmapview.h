// SPDX-License-Identifier: MIT
#pragma once

#include "model/heatmap.h"
#include "plotoverlay.h"
#include "timescope.h"

#include <QtGui/qimage.h>
#include <QtWidgets/qwidget.h>

namespace Flywheel::Monitor {

/// Time by magnitude of durations; the colour tells how many, on a logarithmic scale that stands beside it.
class HeatMapView : public QWidget
{
    Q_OBJECT
public:
    explicit HeatMapView(TimeScope &scope, QWidget *parent = nullptr);

    void setMap(HeatMap map);
    void setMarks(std::vector<TimeMark> marks);
    void setWallOffset(Duration offset);
    void applyTheme();
    QRectF plotRect() const;
    const PlotOverlay &overlay() const { return m_overlay; }
    /// The colour of a cell that holds \a count of at most \a most.
    static QColor colorOf(double count, double most);

    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void markClicked(std::chrono::nanoseconds time);

protected:
    void paintEvent(QPaintEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void renderImage();
    void paintCells(QPainter &painter, const QRectF &plot) const;
    void paintScale(QPainter &painter, const QRectF &plot) const;
    std::vector<LegendEntry> valuesAt(Time time) const;

    TimeScope &m_scope;
    PlotOverlay m_overlay;
    HeatMap m_map{TimeSpan(), 0};
    QImage m_image;
};

} // namespace Flywheel::Monitor
