// SPDX-License-Identifier: MIT
#pragma once

#include "scenario.h"
#include "stopwatch.h"

#include <QtCore/qcoreapplication.h>

namespace Flywheel::Bench {

/// CPU time spent on changes, and the same together with the passes that followed them: that is where a
/// dispatcher applies what it has put off.
class ChangeTimer
{
public:
    template <typename Items, typename Change>
    void time(const Items &items, Change change)
    {
        const Stopwatch stopwatch;
        for (const auto &item : items)
            change(item);
        m_calls += stopwatch.cpu();
        QCoreApplication::processEvents();
        m_applied += stopwatch.cpu();
        m_changes += double(items.size());
    }

    void report(const QString &name, Measurements &result) const
    {
        result[name + QLatin1StringView("Ns")] = double(m_calls.count()) / m_changes;
        result[name + QLatin1StringView("AppliedNs")] = double(m_applied.count()) / m_changes;
    }

private:
    std::chrono::nanoseconds m_calls{0};
    std::chrono::nanoseconds m_applied{0};
    double m_changes = 0;
};

/// Adds all \a items and removes them again, in turns, until the budget is used up.
template <typename Items, typename Add, typename Remove>
Measurements timeRounds(const Setting &setting, const Items &items, Add add, Remove remove)
{
    ChangeTimer{}.time(items, add);
    ChangeTimer{}.time(items, remove);
    ChangeTimer registering, unregistering;
    const Stopwatch whole;
    do {
        registering.time(items, add);
        unregistering.time(items, remove);
    } while (whole.wall() < setting.budget);
    Measurements result;
    registering.report(QStringLiteral("register"), result);
    unregistering.report(QStringLiteral("unregister"), result);
    return result;
}

} // namespace Flywheel::Bench
