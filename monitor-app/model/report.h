// SPDX-License-Identifier: MIT
#pragma once

#include "limit.h"
#include "timespan.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qlist.h>

#include <vector>

namespace Flywheel::Monitor {

class Loop;
class Session;

/// What became of one limit.
struct LimitResult
{
    enum class State {
        Kept,
        Broken,
        NotMeasured, ///< there is no such loop, or nothing of the kind happened in any
    };
    struct Breach
    {
        const Loop *loop;
        double value;
    };

    Limit limit;
    State state;
    std::vector<Breach> breaches; ///< the worst first
};

/// The figures of all loops of a session in one span of time, and what they mean for limits: what
/// flywheel-monitor prints without a window. Valid as long as nothing changes in the session.
class Report
{
public:
    Report(const Session &session, TimeSpan span, const QList<Limit> &limits);

    const std::vector<LimitResult> &limits() const { return m_limits; }
    bool isAnyBroken() const { return isAny(LimitResult::State::Broken); }
    bool isAnyNotMeasured() const { return isAny(LimitResult::State::NotMeasured); }
    /// True if no loop has a figure in the span.
    bool isEmpty() const;

    /// Lines for people: one a loop, one a stall, one a limit.
    QString text() const;
    /// The same for programs; docs/monitor.md describes it. What was not measured is null.
    QJsonObject json() const;

private:
    struct Measured
    {
        const Loop *loop;
        SpanFigures figures;
    };

    bool isAny(LimitResult::State state) const;
    LimitResult judge(const Limit &limit) const;
    QString nameOf(const Loop &loop) const;
    QString limitLine(const LimitResult &result) const;

    const Session &m_session;
    const TimeSpan m_span;
    std::vector<Measured> m_loops;
    std::vector<LimitResult> m_limits;
};

} // namespace Flywheel::Monitor
