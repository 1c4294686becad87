// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/wakeflag.h"
#include "poller/interest.h"

#include <flywheel/options.h>

#include <cstdint>
#include <memory>
#include <span>
#include <system_error>

namespace Flywheel {

/// A descriptor that is ready. Hang-up and error make it ready for everything: each handler then sees them by
/// itself.
struct ReadyEvent
{
    std::uint64_t token; ///< as given to add() or modify()
    Interest ready;
    bool invalid; ///< the descriptor is closed; only pollers that can tell
    /// The peer has closed the connection and there is nothing left to read. Only pollers that can tell; they
    /// report that once for each add() or modify() with another token.
    bool closedByPeer = false;
};

enum class WaitFor {
    Everything,
    WakeUps, ///< readiness is neither reported nor lost, and does not end the wait
};

/// The seam between the loop and the kernel: waits for descriptors, a deadline and wake-ups.
///
/// Threads: wakeUp(), isAsleep() and hasWakeUp() may be called by any thread, everything else by the loop's
/// only. Registrations: one a descriptor, with the union of what is wanted. Level-triggered: a descriptor
/// that stays ready is reported by each wait. Errors of add/modify/remove: std::errc::file_exists (added
/// twice), no_such_file_or_directory (not registered), bad_file_descriptor (closed), operation_not_permitted
/// (can't be polled: always ready), and the kernel's resource errors. A poller that refuses to add changes
/// nothing; one that fails to modify may have dropped the registration. Back ends hold system calls only.
/// What is common is done once, here: the wake-up protocol, deadlines, EINTR, waits that keep failing (they
/// pause instead of spinning). Kernel objects are made by the first call that needs them.
class AbstractPoller
{
public:
    explicit AbstractPoller(ClockFunction clock) : m_clock(clock) {}
    virtual ~AbstractPoller() = default;
    AbstractPoller(const AbstractPoller &) = delete;

    virtual Poller kind() const = 0;
    /// Whether registrations live in the kernel: each change costs a system call, and a descriptor that is
    /// closed vanishes from them in silence.
    virtual bool hasKernelSet() const = 0;

    /// A descriptor that can be watched for reading from elsewhere: readable while one that is registered is
    /// ready. Another one after reset(). -1: this poller has none, or it can't be made.
    virtual int descriptor() { return -1; }
    /// Is something registered whose readiness does not make descriptor() readable? It has to be looked for.
    virtual bool hasUncovered() const { return false; }

    virtual std::error_code add(int fd, Interest interest, std::uint64_t token) = 0;
    virtual std::error_code modify(int fd, Interest interest, std::uint64_t token) = 0;
    virtual std::error_code remove(int fd) = 0;
    /// Forgets all registrations and builds the kernel's objects anew, in a forked child those for wake-ups
    /// too.
    virtual std::error_code reset() = 0;

    /// Ends the wait that is going on, or the next one. One system call if the loop sleeps, none otherwise.
    /// True if there was a system call.
    bool wakeUp()
    {
        const bool wasAsleep = m_wakeFlag.notify();
        if (wasAsleep)
            notify();
        return wasAsleep;
    }
    /// What the kernel refuses, so that waits are worse than they should be (late wake-ups, pauses), although
    /// they go on; none: all is well.
    std::error_code trouble() const { return m_trouble; }

    /// Does the loop sleep? Only a hint, it may change at once.
    bool isAsleep() const { return m_wakeFlag.isAsleep(); }
    /// Is there a wake-up that was not consumed?
    bool hasWakeUp() const { return m_wakeFlag.isNotified(); }
    /// Takes the wake-up; what the waking thread did before is visible afterwards.
    bool consumeWakeUp() { return m_wakeFlag.consume(); }

    /// For a loop whose descriptor() somebody else watches: it becomes readable at the next wake-up as well.
    /// False: there is one already. Until ariseElsewhere().
    bool fallAsleepElsewhere()
    {
        prepareToBeWatched();
        return m_wakeFlag.fallAsleep();
    }
    void ariseElsewhere() { m_wakeFlag.arise(); }

    /// Waits until something is ready, a wake-up came, the deadline passed, or \a atMost is over; never
    /// returns early otherwise. The events are valid until the next call. Error: the kernel's objects are
    /// gone, reset(). A wait that fails again after that has paused first.
    struct Limit
    {
        Instant deadline = Never;
        Nanoseconds atMost = Nanoseconds::max();
    };
    struct Result
    {
        std::span<const ReadyEvent> events;
        bool limited; ///< nothing happened: atMost was over before the deadline
        std::error_code error;
    };
    Result wait(Limit limit, WaitFor what);

protected:
    static constexpr Nanoseconds Forever = Nanoseconds::max();
    /// How long to wait at a time while the process has no descriptor left to wake the loop with.
    static constexpr Nanoseconds WithoutWakeUps = std::chrono::milliseconds(10);

    struct Outcome
    {
        std::span<const ReadyEvent> events;
        bool timedOut = false; ///< false with no events: interrupted, or a stale wake-up; wait again
        std::error_code error;
        bool hasMessages = false; ///< for the thread, from the window system: NativeMessages takes them
    };
    /// One wait of the kernel, rounded up to its granularity; 0 only looks.
    virtual Outcome doWait(Nanoseconds timeout, WaitFor what) = 0;
    /// For pollers whose descriptor() tells of readiness only during a wait.
    virtual void prepareToBeWatched() {}
    /// Any thread: makes the doWait() that is going on, or the next one, return.
    virtual void notify() = 0;

    /// Of the kernel's objects: they can't be made. No error: they can.
    void setOpenError(std::error_code error) { m_trouble = error; }

private:
    class Remaining;

    Result look(WaitFor what);
    Outcome waitUninterrupted(const Remaining &remaining, WaitFor what);
    void pauseIfSpinning(Instant begin, unsigned interruptions);
    void noteFailure(std::error_code error, Nanoseconds longestPause);
    void noteSuccess();

    WakeFlag m_wakeFlag;
    const ClockFunction m_clock;
    unsigned m_failures = 0; ///< of waits, in a row
    std::error_code m_trouble;
};

/// The pollers of this build, the default first.
std::span<const Poller> availablePollers();

struct PollerOrError
{
    std::unique_ptr<AbstractPoller> poller; ///< null: see error
    std::error_code error;
};
/// \a kind is one of availablePollers().
PollerOrError createPoller(Poller kind, ClockFunction clock);

/// The poller to use for \a wanted: an explicit one, or that of FLYWHEEL_POLLER, or the default.
/// Never null: what cannot be had is reported by a warning, and poll(2) serves instead.
std::unique_ptr<AbstractPoller> choosePoller(Poller wanted, ClockFunction clock);

} // namespace Flywheel
