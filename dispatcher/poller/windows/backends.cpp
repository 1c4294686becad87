// SPDX-License-Identifier: MIT
#include "poller/backends.h"

#include "poller/iocp/poller_iocp.h"

#include <array>

namespace Flywheel {

namespace {

PollerOrError createIocp(ClockFunction clock)
{
    return {std::make_unique<IocpPoller>(clock), {}};
}

constexpr std::array All{Backend{Poller::Iocp, createIocp}};

} // namespace

std::span<const Backend> backends()
{
    return All;
}

} // namespace Flywheel
