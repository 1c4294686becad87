// SPDX-License-Identifier: MIT
#pragma once

#include "model/session.h"
#include "timescope.h"

#include <QtCore/qlist.h>
#include <QtCore/qpointer.h>
#include <QtWidgets/qwidget.h>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

class HeatMapView;
class PercentileChart;
class QueueChart;
class ThroughputChart;
class TimeChart;
class UtilisationChart;

/// The charts of one loop, with its name and the figures of the span in focus above them.
class ChartGrid : public QWidget
{
    Q_OBJECT
public:
    ChartGrid(Session &session, TimeScope &scope, QWidget *parent = nullptr);

    /// The charts show \a loop; beside it, p99 and utilisation of \a compared, which may hold it too.
    void setLoops(Loop *loop, const QList<Loop *> &compared);
    Loop *loop() const { return m_loop; }
    void setSeries(SeriesKind series);
    SeriesKind series() const;
    /// Takes in what is new, and what the scope now shows.
    void refresh();
    void applyTheme();
    /// Moves the focus to the chart that shows it; nothing for views that are tables.
    void show(Finding::View view);

    PercentileChart *latency() const { return m_latency; }
    ThroughputChart *throughput() const { return m_throughput; }
    QueueChart *queue() const { return m_queue; }
    UtilisationChart *utilisation() const { return m_utilisation; }
    HeatMapView *heatMap() const { return m_heatMap; }
    /// The figures line, as shown.
    QString figures() const;

Q_SIGNALS:
    /// A stall mark of the loop was clicked.
    void markClicked(std::chrono::nanoseconds time);

private:
    void layOut();
    void showCompared();
    void showMarks();
    void showHeading();
    QString figuresText() const;

    Session &m_session;
    TimeScope &m_scope;
    QPointer<Loop> m_loop;
    QList<QPointer<Loop>> m_compared;
    QLabel *m_name;
    QLabel *m_figures;
    QComboBox *m_series;
    PercentileChart *m_latency;
    ThroughputChart *m_throughput;
    QueueChart *m_queue;
    UtilisationChart *m_utilisation;
    HeatMapView *m_heatMap;
    std::vector<TimeChart *> m_charts; ///< all but the heat map
};

} // namespace Flywheel::Monitor
