// SPDX-License-Identifier: MIT
#pragma once

#include "timechart.h"

namespace Flywheel::Monitor {

/// How much waits in a loop's queues (left axis), and for how long the oldest has (right axis, logarithmic).
class QueueChart : public TimeChart
{
    Q_OBJECT
public:
    struct Data
    {
        Points tasks;
        Points posted; ///< queued posted events, or, without the depth probe, arrivals a pass
        bool postedIsDepth = false;
        Points oldestAge; ///< nanoseconds
    };

    explicit QueueChart(TimeScope &scope, QWidget *parent = nullptr);

    void setData(const Data &data);
    void applyTheme() override;
    const GappedLine &tasks() const { return m_tasks; }
    const GappedLine &posted() const { return m_posted; }
    /// As drawn: decimal logarithms of nanoseconds.
    const GappedLine &age() const { return m_age; }

protected:
    std::vector<LegendEntry> valuesAt(Time time) const override;

private:
    std::vector<LegendEntry> entries() const;

    Data m_data;
    LabelledAxis *m_ageAxis;
    GappedLine m_tasks, m_posted, m_age;
};

} // namespace Flywheel::Monitor
