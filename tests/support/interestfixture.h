// SPDX-License-Identifier: MIT
#pragma once

#include "poller/interestset.h"
#include "support/fakeclock.h"
#include "support/fakepoller.h"

namespace Flywheel::Test {

/// An interest set on a fake poller and the fake clock.
class InterestFixture
{
public:
    InterestFixture() : InterestFixture(new FakePoller) {}

    /// Registers, and forgets the calls that took.
    void watch(int fd, Interest interest)
    {
        set.setWanted(fd, interest);
        set.prepare();
        poller.calls.clear();
    }

    FakePoller &poller;
    InterestSet set;

private:
    explicit InterestFixture(FakePoller *made)
        : poller(*made)
        , set(std::unique_ptr<FakePoller>(made), FakeClock::now)
    {
        FakeClock::reset();
    }
};

} // namespace Flywheel::Test
