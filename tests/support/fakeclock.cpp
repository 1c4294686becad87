// SPDX-License-Identifier: MIT
#include "support/fakeclock.h"

namespace Flywheel::Test {

namespace {

constexpr Instant Start{std::chrono::seconds(1000)};
Instant s_now = Start;

} // namespace

void FakeClock::reset()
{
    s_now = Start;
}

void FakeClock::advance(Nanoseconds by)
{
    s_now += by;
}

Instant FakeClock::now()
{
    return s_now;
}

} // namespace Flywheel::Test
