// SPDX-License-Identifier: MIT
#include "support/fakepoller.h"

#include "support/fakeclock.h"

#include <utility>

namespace Flywheel::Test {

namespace {

std::error_code taken(std::optional<std::errc> &error)
{
    const std::optional<std::errc> once = std::exchange(error, std::nullopt);
    return once ? std::make_error_code(*once) : std::error_code();
}

} // namespace

FakePoller::FakePoller() : AbstractPoller(FakeClock::now) {}

std::error_code FakePoller::takeError(int fd)
{
    const auto node = errors.extract(fd);
    return node ? std::make_error_code(node.mapped()) : std::error_code();
}

std::error_code FakePoller::add(int fd, Interest interest, std::uint64_t token)
{
    calls.push_back("add " + std::to_string(fd));
    if (const std::error_code error = takeError(fd))
        return error;
    if (registrations.contains(fd))
        return std::make_error_code(std::errc::file_exists);
    registrations[fd] = {interest, token};
    return {};
}

std::error_code FakePoller::modify(int fd, Interest interest, std::uint64_t token)
{
    calls.push_back("modify " + std::to_string(fd));
    if (const std::error_code error = takeError(fd))
        return error;
    if (!registrations.contains(fd))
        return std::make_error_code(std::errc::no_such_file_or_directory);
    registrations[fd] = {interest, token};
    return {};
}

std::error_code FakePoller::remove(int fd)
{
    calls.push_back("remove " + std::to_string(fd));
    return registrations.erase(fd) ? std::error_code()
                                   : std::make_error_code(std::errc::no_such_file_or_directory);
}

std::error_code FakePoller::reset()
{
    calls.push_back("reset");
    registrations.clear();
    return taken(resetError);
}

void FakePoller::collect()
{
    m_events = std::move(extraEvents);
    extraEvents.clear();
    for (const auto &[fd, readiness] : ready) {
        const auto found = registrations.find(fd);
        if (found != registrations.end() && any(readiness & found->second.interest))
            m_events.push_back({found->second.token, readiness & found->second.interest, false});
    }
}

AbstractPoller::Outcome FakePoller::doWait(Nanoseconds timeout, WaitFor what)
{
    if (const std::error_code error = taken(waitError))
        return {{}, false, error};
    if (what == WaitFor::Everything)
        collect();
    else
        m_events.clear();
    if (timeout == Nanoseconds::zero()) {
        calls.push_back("look");
        return {m_events, m_events.empty(), {}};
    }
    calls.push_back(timeout == Forever ? "wait forever" : "wait " + std::to_string(timeout.count()));
    if (!m_events.empty())
        return {m_events, false, {}};
    if (whileBlocked) {
        whileBlocked();
        return {};
    }
    if (timeout == Forever)
        wakeUp(); // nothing would ever end this wait
    else
        FakeClock::advance(timeout);
    return {{}, timeout != Forever, {}};
}

void FakePoller::notify()
{
    calls.push_back("notify");
}

} // namespace Flywheel::Test
