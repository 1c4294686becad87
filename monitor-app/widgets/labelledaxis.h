// SPDX-License-Identifier: MIT
#pragma once

#include "ticks.h"

#include <QtCharts/qvalueaxis.h>

namespace Flywheel::Monitor {

/// A vertical axis with ticks of our own choice. Qt Charts' own labels are bare numbers without units, powers
/// on the logarithmic axis, and dots where a chart is low; so TimeChart draws these.
class LabelledAxis : public QValueAxis
{
    Q_OBJECT
public:
    explicit LabelledAxis(QObject *parent = nullptr);

    /// The axis reaches from the first to the last; ascending, at equal distances.
    void setTicks(std::vector<Tick> ticks);
    const std::vector<Tick> &ticks() const { return m_ticks; }

private:
    std::vector<Tick> m_ticks;
};

} // namespace Flywheel::Monitor
