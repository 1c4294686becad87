// SPDX-License-Identifier: MIT
#include "limit.h"

#include "format.h"

#include <QtCore/qregularexpression.h>

#include <array>

namespace Flywheel::Monitor {

namespace {

using namespace std::chrono_literals;

struct SeriesName
{
    const char *prefix;
    SeriesKind kind;
};
constexpr std::array<SeriesName, 5> SeriesNames = {{{"", SeriesKind::Handler},
                                                    {"lateness.", SeriesKind::TimerLateness},
                                                    {"task.", SeriesKind::TaskWait},
                                                    {"wakeup.", SeriesKind::WakeUp},
                                                    {"pass.", SeriesKind::Pass}}};

struct SeriesFigureName
{
    const char *name;
    Duration SeriesFigures::*figure;
};
constexpr std::array<SeriesFigureName, 5> SeriesFigureNames = {{{"p50", &SeriesFigures::p50},
                                                                {"p90", &SeriesFigures::p90},
                                                                {"p99", &SeriesFigures::p99},
                                                                {"max", &SeriesFigures::max},
                                                                {"mean", &SeriesFigures::mean}}};

struct FigureName
{
    const char *name;
    Limit::Unit unit;
    std::optional<double> (*value)(const SpanFigures &);
};

std::optional<double> busy(const SpanFigures &figures)
{
    if (figures.busy + figures.blocked == 0ns)
        return std::nullopt;
    return figures.utilisation();
}

std::optional<double> queue(const SpanFigures &figures)
{
    return static_cast<double>(std::max(figures.taskDepthMax, figures.postedDepthMax.value_or(0)));
}

constexpr std::array<FigureName, 5> FigureNames = {
    {{"busy", Limit::Unit::Share, busy},
     {"stalls", Limit::Unit::Count,
      [](const SpanFigures &figures) { return std::optional(static_cast<double>(figures.stalls)); }},
     {"missed", Limit::Unit::Count,
      [](const SpanFigures &figures) { return std::optional(static_cast<double>(figures.missedTicks)); }},
     {"queue", Limit::Unit::Count, queue},
     {"events", Limit::Unit::Rate,
      [](const SpanFigures &figures) { return std::optional(figures.perSecond(figures.events)); }}}};

/// How many of a figure's own units one of \a unit is; nothing if the figure has no such unit.
std::optional<double> factorOf(Limit::Unit figure, const QString &unit)
{
    struct UnitName
    {
        const char *name;
        Limit::Unit figure;
        double factor;
    };
    static constexpr std::array<UnitName, 7> names = {{{"ns", Limit::Unit::Duration, 1},
                                                       {"us", Limit::Unit::Duration, 1e3},
                                                       {"ms", Limit::Unit::Duration, 1e6},
                                                       {"s", Limit::Unit::Duration, 1e9},
                                                       {"%", Limit::Unit::Share, 0.01},
                                                       {"", Limit::Unit::Count, 1},
                                                       {"", Limit::Unit::Rate, 1}}};
    for (const UnitName &name : names) {
        if (name.figure == figure && unit == QLatin1String(name.name))
            return name.factor;
    }
    if (figure == Limit::Unit::Rate && unit == QLatin1String("/s"))
        return 1;
    return figure == Limit::Unit::Duration && unit == QStringLiteral("µs") ? std::optional(1e3)
                                                                           : std::nullopt;
}

QString unitHint(Limit::Unit unit)
{
    switch (unit) {
    case Limit::Unit::Duration:
        return QStringLiteral("a time with its unit, such as 16ms");
    case Limit::Unit::Share:
        return QStringLiteral("a percentage, such as 80%");
    case Limit::Unit::Count:
        break;
    case Limit::Unit::Rate:
        return QStringLiteral("a number per second, such as 100");
    }
    return QStringLiteral("a number");
}

QString figureNames()
{
    return QStringLiteral("p50, p90, p99, max, mean (of handlers; with lateness., task., wakeup. or pass. in "
                          "front of other series), busy, stalls, missed, queue, events");
}

} // namespace

Limit::Comparison Limit::comparisonOf(const QString &sign)
{
    const bool isAbove = sign[0] == QLatin1Char('>');
    if (sign.size() > 1)
        return isAbove ? Comparison::AtLeast : Comparison::AtMost;
    return isAbove ? Comparison::Above : Comparison::Below;
}

bool Limit::setFigure(const QString &name)
{
    for (const FigureName &figure : FigureNames) {
        if (name == QLatin1String(figure.name)) {
            m_value = figure.value;
            m_unit = figure.unit;
            return true;
        }
    }
    for (const SeriesName &series : SeriesNames) {
        for (const SeriesFigureName &figure : SeriesFigureNames) {
            if (name == QLatin1String(series.prefix) + QLatin1String(figure.name)) {
                m_series = series.kind;
                m_seriesFigure = figure.figure;
                return true;
            }
        }
    }
    return false;
}

bool Limit::setBound(const QString &number, const QString &unit)
{
    bool isNumber = false;
    const double value = number.toDouble(&isNumber);
    const std::optional<double> factor = factorOf(m_unit, unit);
    if (!isNumber || !factor)
        return false;
    m_bound = value * *factor;
    return true;
}

std::optional<Limit> Limit::parse(const QString &text, QString &complaint)
{
    static const QRegularExpression form(QStringLiteral(
        "^\\s*(?:(.*):)?\\s*([a-z0-9.]+)\\s*([<>]=?)\\s*([0-9.]+(?:e[+-]?[0-9]+)?)\\s*([^\\s]*)\\s*$"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch()) {
        complaint = QStringLiteral("“%1” is no limit; one looks like p99>16ms or main:stalls>0").arg(text);
        return std::nullopt;
    }
    Limit limit;
    limit.m_text = text.trimmed();
    limit.m_loopName = match.captured(1).trimmed();
    limit.m_comparison = comparisonOf(match.captured(3));
    if (!limit.setFigure(match.captured(2))) {
        complaint = QStringLiteral("“%1” in “%2” is no figure; there are %3")
                        .arg(match.captured(2), text, figureNames());
        return std::nullopt;
    }
    if (!limit.setBound(match.captured(4), match.captured(5))) {
        complaint = QStringLiteral("“%1” in “%2” needs %3")
                        .arg(match.captured(4) + match.captured(5), text, unitHint(limit.m_unit));
        return std::nullopt;
    }
    return limit;
}

std::optional<double> Limit::valueIn(const SpanFigures &figures) const
{
    if (figures.measured <= 0ns)
        return std::nullopt;
    if (!m_series)
        return m_value(figures);
    const SeriesFigures &series = figures.of(*m_series);
    const Duration figure = series.*m_seriesFigure;
    if (series.count == 0 && figure == 0ns)
        return std::nullopt;
    return static_cast<double>(figure.count());
}

bool Limit::isBrokenBy(double value) const
{
    switch (m_comparison) {
    case Comparison::Above:
        return value > m_bound;
    case Comparison::AtLeast:
        return value >= m_bound;
    case Comparison::Below:
        return value < m_bound;
    case Comparison::AtMost:
        break;
    }
    return value <= m_bound;
}

QString Limit::valueText(double value) const
{
    switch (m_unit) {
    case Unit::Duration:
        return Format::duration(toDuration(value));
    case Unit::Share:
        return Format::percent(value);
    case Unit::Count:
        break;
    case Unit::Rate:
        return Format::rate(value);
    }
    return Format::count(static_cast<std::uint64_t>(value));
}

} // namespace Flywheel::Monitor
