// SPDX-License-Identifier: MIT
#pragma once

#include "model/session.h"
#include "timescope.h"

#include <QtCore/qlist.h>
#include <QtCore/qpointer.h>
#include <QtWidgets/qwidget.h>

#include <optional>

QT_BEGIN_NAMESPACE
class QComboBox;
class QGridLayout;
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
    /// Moves the focus to the chart that shows it, and unfolds it; nothing for views that are tables.
    void show(Finding::View view);
    /// Are queue depth and heat map shown? They fold away by themselves where the window is low, until
    /// somebody decides.
    bool isUnfolded() const { return m_unfolded; }
    void setUnfolded(bool unfolded);
    /// Stands out before the name while what is shown is not live: "paused". Empty: it is.
    void setBadge(const QString &text);
    QString badge() const;
    /// Where what is shown begins: the first moment of which one of the loops has data.
    std::optional<Time> dataBegin() const;
    /// From the scope's clock to the epoch's, now.
    Duration wallOffset() const;

    PercentileChart *latency() const { return m_latency; }
    ThroughputChart *throughput() const { return m_throughput; }
    QueueChart *queue() const { return m_queue; }
    UtilisationChart *utilisation() const { return m_utilisation; }
    HeatMapView *heatMap() const { return m_heatMap; }
    /// The figures line, whole.
    QString figures() const;

Q_SIGNALS:
    /// A stall mark of the loop was clicked.
    void markClicked(std::chrono::nanoseconds time);
    void unfoldedChanged(bool unfolded);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void layOut();
    QLayout *makeHeading();
    void arrange(bool unfolded);
    void showCompared();
    void showMarks();
    void showHeading();
    QStringList figureTexts() const;
    void fitFigures();

    Session &m_session;
    TimeScope &m_scope;
    QPointer<Loop> m_loop;
    QList<QPointer<Loop>> m_compared;
    QGridLayout *m_grid;
    bool m_unfolded = true;
    bool m_isFoldChosen = false;
    QLabel *m_badge;
    QLabel *m_name;
    QLabel *m_figures;
    QStringList m_figureTexts; ///< the label has as many as fit
    QComboBox *m_series;
    PercentileChart *m_latency;
    ThroughputChart *m_throughput;
    QueueChart *m_queue;
    UtilisationChart *m_utilisation;
    HeatMapView *m_heatMap;
    std::vector<TimeChart *> m_charts; ///< all but the heat map
};

} // namespace Flywheel::Monitor
