// SPDX-License-Identifier: MIT
#include "lanetable.h"

#include <array>

namespace Flywheel::Bench {

namespace {

constexpr std::array table{
    LaneTraits{.lane = Lane::Win32, .name = "win32", .stockDispatcher = "QEventDispatcherWin32"},
    LaneTraits{.lane = Lane::Iocp, .name = "iocp", .poller = Poller::Iocp},
};

} // namespace

std::span<const LaneTraits> laneTable()
{
    return table;
}

} // namespace Flywheel::Bench
