// SPDX-License-Identifier: MIT
#include "chartgrid.h"

#include "heatmapview.h"
#include "loopcurves.h"
#include "model/format.h"
#include "percentilechart.h"
#include "queuechart.h"
#include "throughputchart.h"
#include "utilisationchart.h"

#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qcombobox.h>
#include <QtWidgets/qgridlayout.h>
#include <QtWidgets/qlabel.h>

namespace Flywheel::Monitor {

namespace {

QString headingOf(const Loop &loop)
{
    return ChartGrid::tr("%1 of %2").arg(loop.name(), loop.process().name());
}

} // namespace

ChartGrid::ChartGrid(Session &session, TimeScope &scope, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_scope(scope)
    , m_name(new QLabel(this))
    , m_figures(new QLabel(this))
    , m_series(new QComboBox(this))
    , m_latency(new PercentileChart(scope, this))
    , m_throughput(new ThroughputChart(scope, this))
    , m_queue(new QueueChart(scope, this))
    , m_utilisation(new UtilisationChart(scope, this))
    , m_heatMap(new HeatMapView(scope, this))
    , m_charts{m_latency, m_throughput, m_queue, m_utilisation}
{
    m_series->addItem(tr("Handler time"), int(SeriesKind::Handler));
    m_series->addItem(tr("Timer lateness"), int(SeriesKind::TimerLateness));
    m_series->addItem(tr("Task wait"), int(SeriesKind::TaskWait));
    m_series->addItem(tr("Wake-up"), int(SeriesKind::WakeUp));
    m_series->addItem(tr("Pass time"), int(SeriesKind::Pass));
    m_series->setToolTip(tr("Which durations the latency chart and the heat map show"));
    m_series->setAccessibleName(tr("Series"));
    layOut();
    connect(m_series, &QComboBox::currentIndexChanged, this, &ChartGrid::refresh);
    for (TimeChart *chart : m_charts)
        connect(chart, &TimeChart::markClicked, this, &ChartGrid::markClicked);
    connect(m_heatMap, &HeatMapView::markClicked, this, &ChartGrid::markClicked);
    connect(&scope, &TimeScope::selectionChanged, this, &ChartGrid::showHeading);
}

void ChartGrid::layOut()
{
    QFont bold = font();
    bold.setBold(true);
    m_name->setFont(bold);
    m_figures->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_figures->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    // A long line must not decide how narrow the window can be.
    m_figures->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *heading = new QHBoxLayout;
    heading->setContentsMargins(8, 4, 8, 2);
    heading->setSpacing(10);
    heading->addWidget(m_name);
    heading->addWidget(m_series);
    heading->addWidget(m_figures, 1);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(1);
    grid->addLayout(heading, 0, 0, 1, 2);
    grid->addWidget(m_latency, 1, 0, 1, 2);
    grid->addWidget(m_throughput, 2, 0);
    grid->addWidget(m_queue, 2, 1);
    grid->addWidget(m_utilisation, 3, 0);
    grid->addWidget(m_heatMap, 3, 1);
    grid->setRowStretch(1, 5);
    grid->setRowStretch(2, 4);
    grid->setRowStretch(3, 4);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    for (TimeChart *chart : m_charts)
        chart->setMinimumSize(m_heatMap->minimumSizeHint());
}

void ChartGrid::setLoops(Loop *loop, const QList<Loop *> &compared)
{
    m_loop = loop;
    m_compared.clear();
    for (Loop *each : compared)
        if (each != loop)
            m_compared << each;
    refresh();
}

void ChartGrid::setSeries(SeriesKind series)
{
    m_series->setCurrentIndex(m_series->findData(int(series)));
}

SeriesKind ChartGrid::series() const
{
    return SeriesKind(m_series->currentData().toInt());
}

void ChartGrid::refresh()
{
    if (!m_loop)
        return;
    const TimeSpan span = m_scope.visible();
    const Duration offset = m_session.wallAt(m_scope.now()).time_since_epoch() - m_scope.now();
    for (TimeChart *chart : m_charts)
        chart->setWallOffset(offset);
    m_heatMap->setWallOffset(offset);
    const Thresholds &limits = m_loop->thresholds();
    // The limits of health are those of handlers.
    const bool judged = series() == SeriesKind::Handler;
    m_latency->setLimits(judged ? std::optional(DurationLimits{limits.busyP99, limits.unwellP99})
                                : std::nullopt);
    m_latency->setData(percentileCurves(*m_loop, series(), span));
    m_throughput->setLayers(throughputLayers(*m_loop, span));
    m_queue->setData(queueCurves(*m_loop, span));
    m_utilisation->setLimits(limits.busyUtilisation, limits.unwellUtilisation);
    m_utilisation->setData(utilisationCurve(*m_loop, span));
    m_heatMap->setMap(heatMapOf(*m_loop, series(), span));
    showCompared();
    showMarks();
    showHeading();
}

void ChartGrid::showCompared()
{
    const TimeSpan span = m_scope.visible();
    std::vector<NamedCurve> p99, shares;
    for (const QPointer<Loop> &loop : m_compared) {
        if (!loop)
            continue;
        p99.push_back({loop->name(), percentileCurves(*loop, series(), span).p99});
        shares.push_back({loop->name(), utilisationCurve(*loop, span)});
    }
    m_latency->setCompared(std::move(p99));
    m_utilisation->setCompared(std::move(shares));
}

void ChartGrid::showMarks()
{
    const std::vector<TimeMark> marks = marksOf(*m_loop, m_scope.visible());
    m_latency->setMarks(marks);
    m_utilisation->setMarks(marks);
    m_heatMap->setMarks(marks);
}

void ChartGrid::showHeading()
{
    if (!m_loop)
        return;
    m_name->setText(headingOf(*m_loop));
    m_figures->setText(figuresText());
}

QString ChartGrid::figuresText() const
{
    const TimeSpan focus = m_scope.focus();
    const SpanFigures figures = m_loop->history().figures(focus);
    const SeriesFigures &durations = figures.of(series());
    const QString length = m_scope.isZoomed() || m_scope.selection() ? Format::duration(focus.length())
                                                                     : Format::interval(focus.length());
    const QString what = m_scope.selection()  ? tr("selected %1")
                         : m_scope.isZoomed() ? tr("shown %1")
                                              : tr("last %1");
    const QStringList parts{what.arg(length),
                            tr("busy %1").arg(Format::percent(figures.utilisation())),
                            tr("p50 %1").arg(figureText(durations, durations.p50)),
                            tr("p99 %1").arg(figureText(durations, durations.p99)),
                            tr("max %1").arg(figureText(durations, durations.max)),
                            Format::rate(figures.perSecond(figures.events)),
                            figures.stalls == 1 ? tr("1 stall")
                                                : tr("%1 stalls").arg(Format::count(figures.stalls))};
    return parts.join(QStringLiteral("  "));
}

QString ChartGrid::figures() const
{
    return m_figures->text();
}

void ChartGrid::applyTheme()
{
    for (TimeChart *chart : m_charts)
        chart->applyTheme();
    m_heatMap->applyTheme();
}

void ChartGrid::show(Finding::View view)
{
    switch (view) {
    case Finding::View::Latency:
        return m_latency->setFocus();
    case Finding::View::Throughput:
        return m_throughput->setFocus();
    case Finding::View::QueueDepth:
        return m_queue->setFocus();
    case Finding::View::Utilisation:
        return m_utilisation->setFocus();
    case Finding::View::HeatMap:
        return m_heatMap->setFocus();
    case Finding::View::Stalls:
    case Finding::View::Timers:
    case Finding::View::Receivers:
        return;
    }
}

} // namespace Flywheel::Monitor
