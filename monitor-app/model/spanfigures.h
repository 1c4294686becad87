// SPDX-License-Identifier: MIT
#pragma once

#include "sample.h"

#include <QtCore/qstring.h>

#include <array>
#include <optional>

namespace Flywheel::Monitor {

inline Duration toDuration(double nanoseconds)
{
    return Duration(static_cast<Duration::rep>(nanoseconds));
}

/// The figures of a series in a span of time; all are 0 if it had no durations.
struct SeriesFigures
{
    std::uint64_t count = 0;
    Duration p50{}, p90{}, p99{}; ///< within 3 %
    Duration max{};               ///< within 1 %; for handlers and passes including one that has not ended
    Duration mean{};
};

/// Returns \a figure of \a series as text; a dash, not 0, if nothing was measured.
QString figureText(const SeriesFigures &series, Duration figure);

/// The figures of a loop in a span of time.
struct SpanFigures
{
    Duration measured{}; ///< how much of the span samples cover
    std::array<SeriesFigures, SeriesKindCount> series;
    std::array<std::uint64_t, HandlerKindCount> runs{}; ///< by HandlerKind
    std::uint64_t events = 0;                           ///< handlers of all kinds
    std::uint64_t posts = 0;
    std::uint64_t passes = 0;
    std::uint64_t idlePasses = 0;
    std::uint64_t missedTicks = 0;
    std::uint64_t wakeUps = 0;
    std::uint64_t kernelWakeUps = 0;
    std::uint64_t stalls = 0; ///< including one that has not ended
    Duration busy{};
    Duration blocked{};
    std::uint32_t taskDepthMax = 0;
    std::optional<std::uint32_t> postedDepthMax;
    Duration oldestTaskAgeMax{};

    const SeriesFigures &of(SeriesKind kind) const { return series[static_cast<std::size_t>(kind)]; }
    double utilisation() const;
    /// Returns \a count of the span as a rate per second of measured time.
    double perSecond(std::uint64_t count) const;
    /// The same as text; a dash, not 0, if nothing was measured.
    QString utilisationText() const;
    QString rateText(std::uint64_t count) const;
};

/// Adds samples up.
class FigureSums
{
public:
    void add(const Sample &sample);
    SpanFigures finished();

private:
    void addSeries(const Sample &sample);

    SpanFigures m_figures;
    std::array<HistogramSum, SeriesKindCount> m_histograms;
    std::array<ShortDuration::rep, SeriesKindCount> m_max{};
    std::array<double, SeriesKindCount> m_sum{};
};

} // namespace Flywheel::Monitor
