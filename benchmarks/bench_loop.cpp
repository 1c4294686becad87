// SPDX-License-Identifier: MIT
// The price of a turn of the loop: an event that posts the next one, and a zero timer.
#include "scenario.h"
#include "turns.h"

namespace Flywheel::Bench {

namespace {

Measurements turn(const Setting &setting)
{
    Turner turner;
    return measureOperations(setting, [&](qint64 turns) { turner.run(turns); });
}

Measurements zeroTimer(const Setting &setting)
{
    const FarTimers others(setting.size);
    ZeroTimer timer;
    return measureOperations(setting, [&](qint64 ticks) { timer.run(ticks); });
}

const RegisterScenario loopTurn({.name = "loop/turn",
                                 .measure = turn,
                                 .sizes = {1},
                                 .systemCalls = Trace::MainThread,
                                 .instructions = true});
const RegisterScenario loopZeroTimer({.name = "loop/zero-timer",
                                      .measure = zeroTimer,
                                      .sizes = {0, 100, 10'000},
                                      .systemCalls = Trace::MainThread,
                                      .instructions = true,
                                      .largestCounted = 0});

} // namespace

} // namespace Flywheel::Bench
