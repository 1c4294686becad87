// SPDX-License-Identifier: MIT
#pragma once

#include "spanfigures.h"

#include <QtCore/qstring.h>

#include <optional>

namespace Flywheel::Monitor {

/// A condition under which a check fails, as `--fail-if` gives it: `p99>16ms`, `main:stalls>0`, `busy>=80%`,
/// `lateness.max>5ms`, `events<100`.
class Limit
{
public:
    /// Returns nothing if \a text is no such condition; \a complaint then says for people what is wrong.
    static std::optional<Limit> parse(const QString &text, QString &complaint);

    QString text() const { return m_text; }
    /// The name of the loop that it is about; empty: all loops.
    QString loopName() const { return m_loopName; }
    /// Returns the figure that the limit is about; nothing if \a figures do not contain it.
    std::optional<double> valueIn(const SpanFigures &figures) const;
    /// True if \a value, of valueIn(), fulfils the condition.
    bool isBrokenBy(double value) const;
    /// True if values above the bound break it.
    bool isUpper() const { return m_comparison == Comparison::Above || m_comparison == Comparison::AtLeast; }
    /// \a value with its unit.
    QString valueText(double value) const;

    enum class Unit { Duration, Share, Count, Rate };

private:
    enum class Comparison { Above, AtLeast, Below, AtMost };
    using Value = std::optional<double> (*)(const SpanFigures &);

    bool setFigure(const QString &name);
    bool setBound(const QString &number, const QString &unit);
    static Comparison comparisonOf(const QString &sign);

    QString m_text;
    QString m_loopName;
    std::optional<SeriesKind> m_series;
    Duration SeriesFigures::*m_seriesFigure = nullptr; ///< of m_series
    Value m_value = nullptr;                           ///< unless m_series
    Unit m_unit = Unit::Duration;
    Comparison m_comparison = Comparison::Above;
    double m_bound = 0; ///< in nanoseconds, shares of 1, or counts
};

} // namespace Flywheel::Monitor
