// SPDX-License-Identifier: MIT
#include "platform/stackmark.h"

#include "platform/windows/windows.h"

namespace Flywheel {

namespace {

StackRange read()
{
    ULONG_PTR low = 0;
    ULONG_PTR high = 0;
    ::GetCurrentThreadStackLimits(&low, &high);
    return {reinterpret_cast<const void *>(low), reinterpret_cast<const void *>(high)};
}

} // namespace

const StackRange &StackRange::ofThisThread()
{
    thread_local const StackRange t_range = read();
    return t_range;
}

} // namespace Flywheel
