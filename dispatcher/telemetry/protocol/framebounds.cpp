// SPDX-License-Identifier: MIT
#include "telemetry/protocol/framebounds.h"

#include "telemetry/protocol/frameschema.h"

#include <algorithm>

namespace Flywheel::Telemetry {

namespace {

using std::chrono::nanoseconds;

bool isPossible(nanoseconds monotonic)
{
    return monotonic >= nanoseconds::zero() && monotonic <= LongestDuration;
}

bool isPossible(const Stall &stall)
{
    return isPossible(stall.beganMonotonic);
}

/// Walks through all that frameschema.h names.
struct Bounder
{
    void operator()(std::uint64_t, auto &field) const { bound(field); }

    static void bound(nanoseconds &duration)
    {
        duration = std::clamp<nanoseconds>(duration, nanoseconds::zero(), LongestDuration);
    }
    template <typename T>
    static void bound(std::optional<T> &value)
    {
        if (value)
            bound(*value);
    }
    template <typename T>
    static void bound(std::vector<T> &values)
    {
        for (T &value : values)
            bound(value);
    }
    template <typename T, std::size_t N>
    static void bound(std::array<T, N> &values)
    {
        for (T &value : values)
            bound(value);
    }
    template <typename T>
    static void bound(T &value)
    {
        if constexpr (requires { visitFields(Bounder(), value); })
            visitFields(Bounder(), value);
    }
};

} // namespace

std::string impossibleMoment(const Frame &frame)
{
    if (!isPossible(frame.takenAt))
        return "a frame taken at an impossible time";
    for (const LoopFrame &loop : frame.loops) {
        if (!isPossible(loop.takenAt))
            return "a loop's figures taken at an impossible time";
        const bool fits = std::ranges::all_of(loop.stalls, [](const Stall &s) { return isPossible(s); });
        if (!fits || (loop.ongoingStall && !isPossible(*loop.ongoingStall)))
            return "a stall at an impossible time";
    }
    return {};
}

void boundDurations(Frame &frame)
{
    Bounder::bound(frame);
}

} // namespace Flywheel::Telemetry
