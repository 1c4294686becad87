// SPDX-License-Identifier: MIT
#include "ticks.h"

#include "model/format.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace Flywheel::Monitor {

namespace {

/// The smallest of 1, 2, 5 times a power of ten that is at least \a least.
double roundStep(double least)
{
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= least * (1 - 1e-9))
            return factor * power;
    return 10 * power;
}

double timeStep(double least)
{
    static constexpr std::array Steps{1.0,   2.0,   5.0,   10.0,  15.0,   30.0,  60.0,
                                      120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0};
    if (least < Steps.front())
        return roundStep(least);
    const auto *step =
        std::find_if(Steps.begin(), Steps.end(), [least](double each) { return each >= least; });
    return step == Steps.end() ? 3600 * roundStep(least / 3600) : *step;
}

/// Of a step in seconds.
int decimalsOf(double step)
{
    return std::clamp(-static_cast<int>(std::floor(std::log10(step) + 1e-9)), 0, 9);
}

int exponentOf(Duration powerOfTen)
{
    return static_cast<int>(std::lround(std::log10(double(powerOfTen.count()))));
}

QString powerLabel(int exponent)
{
    return Format::interval(Duration(std::llround(std::pow(10, exponent))));
}

} // namespace

std::vector<Tick> durationTicks(Duration shortest, Duration longest, int labels)
{
    const int first = exponentOf(shortest);
    const int last = exponentOf(longest);
    const int steps = std::max(labels - 1, 1);
    const int every = std::clamp((last - first + steps - 1) / steps, 1, 3);
    std::vector<Tick> ticks;
    for (int exponent = first; exponent <= last; ++exponent) {
        const bool labelled = (exponent - first) % every == 0;
        ticks.push_back({double(exponent), labelled ? powerLabel(exponent) : QString()});
    }
    return ticks;
}

std::vector<Tick> countTicks(double most, int count, const QString &unit)
{
    const double step = roundStep(std::max(most, 1e-9) / count);
    const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    const auto steps = std::max(1, static_cast<int>(std::ceil(most / step - 1e-9)));
    std::vector<Tick> ticks;
    for (int i = 0; i <= steps; ++i) {
        const double value = i * step;
        const bool thousands = steps * step >= 10'000;
        const QString number = thousands ? QString::number(value / 1000, 'f', step < 1000 ? 1 : 0)
                                         : QString::number(value, 'f', decimals);
        const QString prefix = thousands && i > 0 ? QStringLiteral("k") : QString();
        const QString shown = i == 0 ? QStringLiteral("0") : number;
        const QString suffix = prefix + unit;
        ticks.push_back({value, suffix.isEmpty() ? shown : shown + QLatin1Char(' ') + suffix});
    }
    return ticks;
}

std::vector<TimeTick> timeTicks(const TimeSpan &span, Duration wallOffset, int count)
{
    if (span.isEmpty() || count < 1)
        return {};
    using Seconds = std::chrono::duration<double>;
    const double step = timeStep(Seconds(span.length()).count() / count);
    const Duration each(std::max<Duration::rep>(std::llround(step * 1e9), 1));
    const int decimals = decimalsOf(step);
    const Duration wallBegin = span.begin + wallOffset;
    std::vector<TimeTick> ticks;
    for (Duration wall = wallBegin - wallBegin % each; wall < span.end + wallOffset; wall += each) {
        if (wall < wallBegin)
            continue;
        ticks.push_back({wall - wallOffset, Format::clockTime(wall, decimals)});
    }
    return ticks;
}

int decimalsIn(const TimeSpan &span)
{
    constexpr int Steps = 1000; // about a pixel each
    const std::chrono::duration<double> step = span.length() / Steps;
    return std::clamp(decimalsOf(std::max(step.count(), 1e-9)), 3, 9);
}

std::vector<TimeTick> fittingTimeTicks(const TimeSpan &span, Duration wallOffset, double length,
                                       const std::function<double(const QString &)> &textWidth)
{
    const auto fitting = [&](const QString &label) {
        return timeTicks(span, wallOffset, std::max(1, int(length / (1.5 * textWidth(label)))));
    };
    std::vector<TimeTick> ticks = fitting(QStringLiteral("00:00:00"));
    // Fractions of a second need more room; with the fewer that fit then, they may not be needed any more.
    return ticks.empty() ? ticks : fitting(ticks.front().label);
}

} // namespace Flywheel::Monitor
