// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdio>
#include <string>

namespace Flywheel::Preload {

/// As snprintf(3), cut at 255 characters.
template <typename... Values>
std::string print(const char *format, Values... values)
{
    std::array<char, 256> line;
    std::snprintf(line.data(), line.size(), format, values...);
    return line.data();
}

/// A duration in the largest unit that leaves at least one of it.
struct ScaledDuration
{
    double value;
    const char *unit;

    explicit ScaledDuration(std::chrono::nanoseconds duration)
        : value(static_cast<double>(duration.count()))
        , unit("ns")
    {
        struct Unit
        {
            double nanoseconds;
            const char *name;
        };
        static constexpr std::array<Unit, 3> units = {{{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}}};
        for (const Unit &larger : units) {
            if (value >= larger.nanoseconds) {
                value /= larger.nanoseconds;
                unit = larger.name;
                return;
            }
        }
    }
    bool isNanoseconds() const { return unit[0] == 'n'; }
};

} // namespace Flywheel::Preload
