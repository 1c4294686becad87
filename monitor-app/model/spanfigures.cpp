// SPDX-License-Identifier: MIT
#include "spanfigures.h"

#include "format.h"

#include <algorithm>

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

QString figureText(const SeriesFigures &series, Duration figure)
{
    return series.count > 0 || figure > 0ns ? Format::duration(figure) : Format::none();
}

double SpanFigures::utilisation() const
{
    return busyShare(static_cast<double>(busy.count()), static_cast<double>(blocked.count()),
                     static_cast<double>(measured.count()));
}

QString SpanFigures::utilisationText() const
{
    return busy + blocked > 0ns ? Format::percent(utilisation()) : Format::none();
}

QString SpanFigures::rateText(std::uint64_t count) const
{
    return measured > 0ns ? Format::rate(perSecond(count)) : Format::none();
}

double SpanFigures::perSecond(std::uint64_t count) const
{
    const std::chrono::duration<double> length = measured;
    return length.count() > 0 ? static_cast<double>(count) / length.count() : 0;
}

void FigureSums::addSeries(const Sample &sample)
{
    for (std::size_t kind = 0; kind < SeriesKindCount; ++kind) {
        const SeriesSample &series = sample.series[kind];
        m_histograms[kind].add(series.histogram);
        m_max[kind] = std::max(m_max[kind], series.max.count());
        m_sum[kind] += static_cast<double>(series.sum.count());
    }
}

void FigureSums::add(const Sample &sample)
{
    addSeries(sample);
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        m_figures.runs[kind] += sample.runs[kind];
    m_figures.measured += sample.span.length();
    m_figures.events += sample.events();
    m_figures.posts += sample.posts;
    m_figures.passes += sample.passes;
    m_figures.idlePasses += sample.idlePasses;
    m_figures.missedTicks += sample.missedTicks;
    m_figures.wakeUps += sample.wakeUps;
    m_figures.kernelWakeUps += sample.kernelWakeUps;
    m_figures.stalls += sample.stalls;
    m_figures.busy += toDuration(static_cast<double>(sample.busy.count()));
    m_figures.blocked += toDuration(static_cast<double>(sample.blocked.count()));
    m_figures.taskDepthMax = std::max(m_figures.taskDepthMax, sample.taskDepth);
    m_figures.postedDepthMax = std::max(m_figures.postedDepthMax, sample.postedDepth);
    m_figures.oldestTaskAgeMax =
        std::max(m_figures.oldestTaskAgeMax, toDuration(static_cast<double>(sample.oldestTaskAge.count())));
}

SpanFigures FigureSums::finished()
{
    for (std::size_t kind = 0; kind < SeriesKindCount; ++kind) {
        const HistogramSum &histogram = m_histograms[kind];
        if (histogram.count() == 0)
            continue;
        const Duration longest = toDuration(static_cast<double>(m_max[kind]));
        m_figures.series[kind] = {.count = histogram.count(),
                                  .p50 = histogram.quantile(0.5, longest),
                                  .p90 = histogram.quantile(0.9, longest),
                                  .p99 = histogram.quantile(0.99, longest),
                                  .max = longest,
                                  .mean = toDuration(m_sum[kind] / static_cast<double>(histogram.count()))};
    }
    return m_figures;
}

} // namespace Flywheel::Monitor
