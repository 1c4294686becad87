// SPDX-License-Identifier: MIT
#include "lanetable.h"

#include <array>

namespace Flywheel::Bench {

namespace {

constexpr LaneTraits console(Lane lane, const char *name, const Options &options)
{
    return {.lane = lane, .name = name, .options = options, .poller = Poller::Iocp};
}

constexpr std::array table{
    console(Lane::Flywheel, "flywheel", Options{}),
    console(Lane::NoMetrics, "no-metrics", withoutMetrics()),
    LaneTraits{
        .lane = Lane::Win32, .name = "win32", .stockDispatcher = "QEventDispatcherWin32", .options = {}},
};

} // namespace

std::span<const LaneTraits> laneTable()
{
    return table;
}

} // namespace Flywheel::Bench
