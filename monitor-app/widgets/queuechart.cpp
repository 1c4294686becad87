// SPDX-License-Identifier: MIT
#include "queuechart.h"

#include "readout.h"
#include "theme.h"

#include <QtCharts/qchart.h>

#include <algorithm>
#include <cmath>

namespace Flywheel::Monitor {

namespace {

constexpr Duration YoungestShown = std::chrono::microseconds(1);
constexpr Duration OldestShown = std::chrono::seconds(1);

double position(double nanoseconds)
{
    return std::log10(std::max(nanoseconds, double(YoungestShown.count())));
}

} // namespace

QueueChart::QueueChart(TimeScope &scope, QWidget *parent)
    : TimeChart(tr("Queue depth"), scope, parent)
    , m_ageAxis(addRightAxis())
    , m_tasks(chart(), horizontal(), vertical())
    , m_posted(chart(), horizontal(), vertical())
    , m_age(chart(), horizontal(), m_ageAxis)
{
    keepFirstOfLegend();
    setData({});
    QueueChart::applyTheme();
}

void QueueChart::applyTheme()
{
    TimeChart::applyTheme();
    const Theme &theme = Theme::current();
    m_tasks.setPen(QPen(theme.purple, 1.6));
    m_posted.setPen(QPen(theme.green, 1.6));
    m_age.setPen(QPen(theme.orange, 1.2, Qt::DashLine));
    setLegend(entries());
}

std::vector<LegendEntry> QueueChart::entries() const
{
    const auto entry = [](const QString &name, const QPen &pen) {
        return LegendEntry{name, pen.color(), pen.widthF(), pen.style(), false, {}};
    };
    return {entry(m_data.postedIsDepth ? tr("posted") : tr("posts/pass"), m_posted.pen()),
            entry(tr("tasks"), m_tasks.pen()), entry(tr("age of oldest"), m_age.pen())};
}

void QueueChart::setData(const Data &data)
{
    m_data = data;
    vertical()->setTicks(countTicks(std::max({largest(data.tasks), largest(data.posted), 4.0}), 4, {}));
    Duration oldest = OldestShown;
    while (double(oldest.count()) < largest(data.oldestAge))
        oldest *= 10;
    m_ageAxis->setTicks(durationTicks(YoungestShown, oldest, 3));
    m_tasks.setPoints(data.tasks);
    m_posted.setPoints(data.posted);
    m_age.setPoints(changed(data.oldestAge, position));
    setLegend(entries());
}

std::vector<LegendEntry> QueueChart::valuesAt(Time time) const
{
    std::vector<LegendEntry> values = entries();
    values[0].value = countAt(m_data.posted, time, reach());
    values[1].value = countAt(m_data.tasks, time, reach());
    values[2].value = durationAt(m_data.oldestAge, time, reach());
    return values;
}

} // namespace Flywheel::Monitor
