// SPDX-License-Identifier: MIT
#include "support/fakeloop.h"

#include "core/eventdispatcher_p.h"
#include "support/fakeclock.h"

#include <algorithm>

namespace Flywheel::Test {

namespace {

int s_argumentCount = 1;
char s_name[] = "test";
char *s_arguments[] = {s_name, nullptr};

/// Takes \a poller over. The application object, once it exists, owns the dispatcher.
EventDispatcher *install(FakePoller *poller)
{
    FakeClock::reset();
    auto dispatcher =
        EventDispatcherPrivate::createDispatcher(std::unique_ptr<FakePoller>(poller), FakeClock::now);
    QCoreApplication::setEventDispatcher(dispatcher.get());
    return dispatcher.release();
}

} // namespace

FakeLoop::FakeLoop() : FakeLoop(new FakePoller) {}

FakeLoop::FakeLoop(FakePoller *fakePoller)
    : poller(*fakePoller)
    , dispatcher(*install(fakePoller))
    , m_application(s_argumentCount, s_arguments)
{
    pass(); // what the application object posts for itself
    forgetCalls();
}

std::ptrdiff_t FakeLoop::callsOf(std::string_view beginning) const
{
    return std::ranges::count_if(poller.calls,
                                 [&](const std::string &call) { return call.starts_with(beginning); });
}

} // namespace Flywheel::Test
