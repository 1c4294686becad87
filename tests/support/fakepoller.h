// SPDX-License-Identifier: MIT
#pragma once

#include "poller/poller.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace Flywheel::Test {

/// A poller without a kernel: the test says which descriptors are ready, a wait advances the fake clock, and
/// every call is written down.
class FakePoller final : public AbstractPoller
{
public:
    struct Registration
    {
        Interest interest;
        std::uint64_t token;
    };

    FakePoller();

    Poller kind() const override { return Poller::Epoll; }
    bool hasKernelSet() const override { return true; }
    bool isDescriptorExact() const override { return exact; }
    bool hasUncovered() const override { return uncovered; }
    std::error_code add(int fd, Interest interest, std::uint64_t token) override;
    std::error_code modify(int fd, Interest interest, std::uint64_t token) override;
    std::error_code remove(int fd) override;
    std::error_code reset() override;

    /// By descriptor.
    std::map<int, Registration> registrations;
    /// What isDescriptorExact() is to say.
    bool exact = true;
    /// What hasUncovered() is to say.
    bool uncovered = false;
    /// What is ready, level-triggered: stays until the test takes it out.
    std::map<int, Interest> ready;
    /// Reported by the next wait as it stands, once: stale tokens and the like.
    std::vector<ReadyEvent> extraEvents;
    /// The error that the next add() or modify() of a descriptor is to give.
    std::map<int, std::errc> errors;
    /// The errors that the next wait and the next reset() are to give.
    std::optional<std::errc> waitError;
    std::optional<std::errc> resetError;
    /// "add 5", "modify 5", "remove 5", "reset", "wait 1000000", "wait forever", "look", "notify"
    std::vector<std::string> calls;
    /// Runs inside each wait that would block, instead of time passing, if set.
    std::function<void()> whileBlocked;

protected:
    Outcome doWait(Nanoseconds timeout, WaitFor what) override;
    void notify() override;

private:
    std::error_code takeError(int fd);
    void collect();

    std::vector<ReadyEvent> m_events;
};

} // namespace Flywheel::Test
