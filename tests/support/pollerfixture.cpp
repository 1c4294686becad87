// SPDX-License-Identifier: MIT
#include "support/pollerfixture.h"

#include <QtTest/qtest.h>

#include <thread>

namespace Flywheel::Test {

std::unique_ptr<AbstractPoller> makePoller()
{
    QFETCH_GLOBAL(Poller, poller);
    PollerOrError made = createPoller(poller, steadyNow);
    if (!made.poller)
        qFatal("no poller: %s", made.error.message().c_str());
    return std::move(made.poller);
}

std::map<std::uint64_t, Interest> look(AbstractPoller &poller)
{
    std::map<std::uint64_t, Interest> ready;
    for (const ReadyEvent &event : poller.wait({Immediately}, WaitFor::Everything).events)
        ready[event.token] |= event.ready;
    return ready;
}

bool isWokenFromAnotherThread(AbstractPoller &poller)
{
    std::thread waker([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(3)); // so that the poller sleeps
        poller.wakeUp();
    });
    poller.wait({}, WaitFor::Everything);
    waker.join();
    return poller.consumeWakeUp();
}

} // namespace Flywheel::Test
