// SPDX-License-Identifier: MIT
#include "labelledaxis.h"

#include <utility>

namespace Flywheel::Monitor {

LabelledAxis::LabelledAxis(QObject *parent) : QValueAxis(parent)
{
    setLabelsVisible(false);
    setTickType(QValueAxis::TicksDynamic);
}

void LabelledAxis::setTicks(std::vector<Tick> ticks)
{
    m_ticks = std::move(ticks);
    setTickAnchor(m_ticks.front().position);
    setTickInterval(m_ticks[1].position - m_ticks[0].position);
    setRange(m_ticks.front().position, m_ticks.back().position);
}

} // namespace Flywheel::Monitor
