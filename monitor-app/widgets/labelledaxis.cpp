// SPDX-License-Identifier: MIT
#include "labelledaxis.h"

#include <algorithm>

namespace Flywheel::Monitor {

LabelledAxis::LabelledAxis(QObject *parent) : QCategoryAxis(parent)
{
    setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
}

void LabelledAxis::setTicks(const std::vector<Tick> &ticks)
{
    const auto same = [](const Tick &a, const Tick &b) {
        return a.position == b.position && a.label == b.label;
    };
    if (std::equal(ticks.begin(), ticks.end(), m_ticks.begin(), m_ticks.end(), same))
        return;
    m_ticks = ticks;
    for (const QString &category : categoriesLabels())
        remove(category);
    const double span = ticks.back().position - ticks.front().position;
    // A category's label stands at its end, so the lowest one needs a category of no visible height below it.
    setStartValue(ticks.front().position - span * 1e-6);
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        // Categories are told apart by their names: spaces that nobody sees make the nameless ones differ.
        const QString name =
            ticks[i].label.isEmpty() ? QString(int(i) + 1, QLatin1Char(' ')) : ticks[i].label;
        append(name, ticks[i].position);
    }
    setRange(ticks.front().position, ticks.back().position);
}

QStringList LabelledAxis::labels() const
{
    QStringList labels;
    for (const Tick &tick : m_ticks)
        if (!tick.label.isEmpty())
            labels << tick.label;
    return labels;
}

} // namespace Flywheel::Monitor
