// SPDX-License-Identifier: MIT
#include "chartgrid.h"

#include "heatmapview.h"
#include "loopcurves.h"
#include "model/format.h"
#include "percentilechart.h"
#include "queuechart.h"
#include "theme.h"
#include "throughputchart.h"
#include "utilisationchart.h"

#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qcombobox.h>
#include <QtWidgets/qgridlayout.h>
#include <QtWidgets/qlabel.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

QString headingOf(const Loop &loop, const Session &session)
{
    std::vector<const Process *> all;
    for (const auto &process : session.processes())
        all.push_back(process.get());
    return ChartGrid::tr("%1 of %2").arg(loop.name(), distinctName(loop.process(), all));
}

/// In pixels: three rows of charts that are lower tell nothing.
constexpr int LowestUnfolded = 400;

} // namespace

ChartGrid::ChartGrid(Session &session, TimeScope &scope, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_scope(scope)
    , m_grid(new QGridLayout(this))
    , m_badge(new QLabel(this))
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

QLayout *ChartGrid::makeHeading()
{
    QFont bold = font();
    bold.setBold(true);
    m_name->setFont(bold);
    m_badge->setFont(bold);
    for (QLabel *label : {m_name, m_badge, m_figures})
        label->setTextFormat(Qt::PlainText);
    m_badge->hide();
    m_figures->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_figures->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    // A long line must not decide how narrow the window can be.
    m_figures->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_name->setMinimumWidth(40);
    auto *heading = new QHBoxLayout;
    heading->setContentsMargins(8, 4, 8, 2);
    heading->setSpacing(10);
    heading->addWidget(m_badge);
    heading->addWidget(m_name);
    heading->addWidget(m_series);
    heading->addWidget(m_figures, 1);
    return heading;
}

void ChartGrid::layOut()
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(1);
    m_grid->addLayout(makeHeading(), 0, 0, 1, 2);
    m_grid->setRowStretch(1, 5);
    m_grid->setRowStretch(2, 4);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 1);
    for (TimeChart *chart : m_charts)
        chart->setMinimumSize(m_heatMap->minimumSizeHint());
    arrange(true);
}

void ChartGrid::arrange(bool unfolded)
{
    for (QWidget *chart :
         std::initializer_list<QWidget *>{m_latency, m_throughput, m_queue, m_utilisation, m_heatMap})
        m_grid->removeWidget(chart);
    m_unfolded = unfolded;
    m_grid->addWidget(m_latency, 1, 0, 1, 2);
    m_grid->addWidget(m_throughput, 2, 0);
    m_grid->addWidget(m_utilisation, unfolded ? 3 : 2, unfolded ? 0 : 1);
    if (unfolded) {
        m_grid->addWidget(m_queue, 2, 1);
        m_grid->addWidget(m_heatMap, 3, 1);
    }
    m_queue->setVisible(unfolded);
    m_heatMap->setVisible(unfolded);
    m_grid->setRowStretch(3, unfolded ? 4 : 0);
}

void ChartGrid::setUnfolded(bool unfolded)
{
    m_isFoldChosen = true;
    if (unfolded == m_unfolded)
        return;
    arrange(unfolded);
    refresh();
    Q_EMIT unfoldedChanged(unfolded);
}

void ChartGrid::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitFigures();
    const bool isHigh = height() >= LowestUnfolded;
    if (m_isFoldChosen || isHigh == m_unfolded)
        return;
    arrange(isHigh);
    refresh();
    Q_EMIT unfoldedChanged(isHigh);
}

void ChartGrid::setBadge(const QString &text)
{
    if (text == m_badge->text())
        return;
    m_badge->setText(text);
    m_badge->setVisible(!text.isEmpty());
    const Theme &theme = Theme::current();
    m_badge->setStyleSheet(QStringLiteral("color: %1; background: %2; border-radius: 3px; padding: 1px 6px;")
                               .arg(theme.base.name(), theme.orange.name()));
    fitFigures();
}

QString ChartGrid::badge() const
{
    return m_badge->text();
}

std::optional<Time> ChartGrid::dataBegin() const
{
    std::optional<Time> begin;
    const auto look = [&begin](const Loop *loop) {
        if (!loop || loop->history().isEmpty())
            return;
        const Time first = loop->history().span().begin;
        begin = begin ? std::min(*begin, first) : first;
    };
    look(m_loop);
    for (const QPointer<Loop> &loop : m_compared)
        look(loop);
    return begin;
}

Duration ChartGrid::wallOffset() const
{
    return m_session.wallAt(m_scope.now()).time_since_epoch() - m_scope.now();
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
    const Duration offset = wallOffset();
    for (TimeChart *chart : m_charts)
        chart->setWallOffset(offset);
    for (TimeChart *chart : m_charts)
        if (chart != m_queue || m_unfolded)
            chart->takeSpan();
    m_heatMap->setWallOffset(offset);
    const Thresholds &limits = m_loop->thresholds();
    // The limits of health are those of handlers.
    const bool judged = series() == SeriesKind::Handler;
    m_latency->setLimits(judged ? std::optional(DurationLimits{limits.busyP99, limits.unwellP99})
                                : std::nullopt);
    m_latency->setData(percentileCurves(*m_loop, series(), span));
    m_throughput->setLayers(throughputLayers(*m_loop, span));
    if (m_unfolded)
        m_queue->setData(queueCurves(*m_loop, span));
    m_utilisation->setLimits(limits.busyUtilisation, limits.unwellUtilisation);
    m_utilisation->setData(utilisationCurve(*m_loop, span));
    if (m_unfolded)
        m_heatMap->setMap(heatMapOf(*m_loop, series(), span));
    showCompared();
    showMarks();
    showHeading();
}

void ChartGrid::showCompared()
{
    const TimeSpan span = m_scope.visible();
    std::vector<NamedCurve> p99, shares;
    std::size_t omitted = 0;
    for (const QPointer<Loop> &loop : m_compared) {
        if (!loop)
            continue;
        if (p99.size() == ComparedLines::Most) {
            ++omitted;
            continue;
        }
        p99.push_back({loop->name(), p99Curve(*loop, series(), span)});
        shares.push_back({loop->name(), utilisationCurve(*loop, span)});
    }
    m_latency->setCompared(std::move(p99), omitted);
    m_utilisation->setCompared(std::move(shares), omitted);
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
    m_name->setText(headingOf(*m_loop, m_session));
    m_figureTexts = figureTexts();
    m_figures->setToolTip(figures());
    fitFigures();
}

/// Whole figures, and no part of one.
void ChartGrid::fitFigures()
{
    m_grid->activate(); // what stands beside it may have changed
    QStringList shown = m_figureTexts;
    const auto text = [&shown] { return shown.join(QStringLiteral("  ")); };
    while (!shown.isEmpty() && m_figures->fontMetrics().horizontalAdvance(text()) > m_figures->width())
        shown.removeLast();
    m_figures->setText(text());
}

/// The most important first.
QStringList ChartGrid::figureTexts() const
{
    const TimeSpan focus = m_scope.focus();
    const SpanFigures figures = m_loop->history().figures(focus);
    const SeriesFigures &durations = figures.of(series());
    const bool isWhole = focus.length() == m_scope.window();
    const QString length = isWhole ? Format::interval(focus.length()) : Format::duration(focus.length());
    const QString what = m_scope.selection()  ? tr("selected %1")
                         : m_scope.isZoomed() ? tr("shown %1")
                                              : tr("last %1");
    return {what.arg(length),
            tr("busy %1").arg(figures.utilisationText()),
            figures.stalls == 1 ? tr("1 stall") : tr("%1 stalls").arg(Format::count(figures.stalls)),
            tr("max %1").arg(figureText(durations, durations.max)),
            tr("p99 %1").arg(figureText(durations, durations.p99)),
            figures.rateText(figures.events),
            tr("p50 %1").arg(figureText(durations, durations.p50))};
}

QString ChartGrid::figures() const
{
    return m_figureTexts.join(QStringLiteral("  "));
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
        setUnfolded(true);
        return m_queue->setFocus();
    case Finding::View::Utilisation:
        return m_utilisation->setFocus();
    case Finding::View::HeatMap:
        setUnfolded(true);
        return m_heatMap->setFocus();
    case Finding::View::Stalls:
    case Finding::View::Timers:
    case Finding::View::Receivers:
        return;
    }
}

} // namespace Flywheel::Monitor
