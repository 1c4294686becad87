// SPDX-License-Identifier: MIT
#pragma once

#include "comparedlines.h"
#include "timechart.h"

#include <optional>

namespace Flywheel::Monitor {

/// Where a loop stops being good, and where it becomes unwell.
struct DurationLimits
{
    Duration busy{};
    Duration unwell{};
};

/// Percentiles of durations over time on a logarithmic axis from 1 µs to 1 s, or further if the data go
/// further.
class PercentileChart : public TimeChart
{
    Q_OBJECT
public:
    /// All in nanoseconds.
    struct Data
    {
        Points p50, p90, p99, max;
    };

    explicit PercentileChart(TimeScope &scope, QWidget *parent = nullptr);

    void setData(const Data &data);
    /// p99 of other loops, in nanoseconds; \a omitted: how many are not among them.
    void setCompared(std::vector<NamedCurve> p99, std::size_t omitted = 0);
    /// The limits of p99 where they apply to what is shown: dashed lines.
    void setLimits(const std::optional<DurationLimits> &limits);
    void applyTheme() override;
    /// As drawn: the decimal logarithms of nanoseconds. 0 to 3: p50, p90, p99, max.
    const GappedLine &line(std::size_t index) const { return m_lines[index]; }

protected:
    std::vector<LegendEntry> valuesAt(Time time) const override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void showLegend();
    void fitAxis();
    void showLimits();

    Data m_data;
    std::vector<GappedLine> m_lines;
    ComparedLines m_compared;
    std::vector<NamedCurve> m_comparedP99; ///< in nanoseconds, for the values at the cursor
    GappedLine m_busyLine;
    GappedLine m_unwellLine;
    std::optional<DurationLimits> m_limits;
};

} // namespace Flywheel::Monitor
