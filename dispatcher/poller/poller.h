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

/// A descriptor that is ready. A hang-up or an error makes it ready for everything, so each handler sees it.
struct ReadyEvent
{
    std::uint64_t token; ///< as given to add() or modify()
    Interest ready;
    bool invalid; ///< the descriptor is closed; only some pollers can tell
    /// The peer has closed the connection and nothing is left to read. Only some pollers can tell. They
    /// report it once for each add(), and once for each modify() that changes the token.
    bool closedByPeer = false;
};

/// Why a wait failed, if it did. A std::error_code that says "no error" takes a call of the library to make,
/// too much for each wait.
class WaitError
{
public:
    constexpr WaitError() = default;
    WaitError(std::error_code error) : m_value(error.value()), m_category(&error.category()) {}

    explicit operator bool() const { return m_value != 0; }
    std::error_code code() const { return *this ? std::error_code(m_value, *m_category) : std::error_code(); }

private:
    int m_value = 0;
    const std::error_category *m_category = nullptr;
};

enum class WaitFor {
    Everything,
    WakeUps, ///< readiness does not end the wait; it is not reported now, but not lost either
};

/// The interface between the loop and the kernel: waits for descriptors, a deadline and wake-ups.
///
/// Threads: any thread may call wakeUp(), isAsleep() and hasWakeUp(). Only the loop's thread may call the
/// other functions.
///
/// Registrations: each descriptor has one, with the union of what is wanted. It is level-triggered: each wait
/// reports a descriptor that stays ready. Kernel objects are made by the first call that needs them.
///
/// Errors of add(), modify() and remove(): std::errc::file_exists (added twice), no_such_file_or_directory
/// (not registered), bad_file_descriptor (closed), operation_not_permitted (the descriptor cannot be polled
/// and counts as always ready), and the kernel's errors for lack of resources. If add() fails, nothing has
/// changed. If modify() fails, the registration may be lost.
///
/// Back ends contain system calls only. This class does what all of them need: the wake-up protocol,
/// deadlines, EINTR, and pauses when waits keep failing.
class AbstractPoller
{
public:
    explicit AbstractPoller(ClockFunction clock) : m_clock(clock) {}
    virtual ~AbstractPoller() = default;
    AbstractPoller(const AbstractPoller &) = delete;

    virtual Poller kind() const = 0;
    /// True if registrations live in the kernel. Then each change costs a system call, and a closed
    /// descriptor disappears from them without notice.
    virtual bool hasKernelSet() const = 0;

    /// Returns a descriptor that another loop can watch: it is readable while a registered descriptor is
    /// ready. After reset() it is another one. Returns -1 if this poller has none or cannot make one.
    virtual int descriptor() { return -1; }
    /// True if descriptor() is readable only while something is ready. A kqueue's stays readable when what
    /// was ready is not any more, until somebody asks it.
    virtual bool isDescriptorExact() const { return false; }
    /// True if something is registered whose readiness does not make descriptor() readable. The caller must
    /// then look for it from time to time.
    virtual bool hasUncovered() const { return false; }

    virtual std::error_code add(int fd, Interest interest, std::uint64_t token) = 0;
    virtual std::error_code modify(int fd, Interest interest, std::uint64_t token) = 0;
    virtual std::error_code remove(int fd) = 0;
    /// Forgets all registrations and makes the kernel's objects again. In a forked child this includes the
    /// objects for wake-ups.
    virtual std::error_code reset() = 0;

    /// Ends the wait that is going on, or the next one. Makes one system call if the loop sleeps, and none
    /// otherwise. Returns true if it made one.
    bool wakeUp()
    {
        const bool wasAsleep = m_wakeFlag.notify();
        if (wasAsleep)
            notify();
        return wasAsleep;
    }
    /// The same for the loop's thread, at a fraction of the cost.
    bool wakeUpFromLoop()
    {
        const bool wasAsleep = m_wakeFlag.notifyFromLoop();
        if (wasAsleep) [[unlikely]]
            notify();
        return wasAsleep;
    }
    /// Returns the error because of which waits are worse than they should be (late wake-ups, pauses), or no
    /// error.
    std::error_code trouble() const { return m_trouble; }

    /// True if the loop sleeps. Only a hint: it may change at once.
    bool isAsleep() const { return m_wakeFlag.isAsleep(); }
    /// True if there is a wake-up that was not consumed.
    bool hasWakeUp() const { return m_wakeFlag.isNotified(); }
    /// Takes the wake-up and returns true if there was one. What the waking thread did before is then
    /// visible.
    bool consumeWakeUp() { return m_wakeFlag.consume(); }

    /// For a loop whose descriptor() another loop watches: from now until ariseElsewhere() that descriptor
    /// becomes readable at a wake-up, too. Returns false if a wake-up is there already.
    bool fallAsleepElsewhere()
    {
        prepareToBeWatched();
        return m_wakeFlag.fallAsleep();
    }
    void ariseElsewhere() { m_wakeFlag.arise(); }

    /// Waits until something is ready, a wake-up comes, the deadline passes, or \a atMost is over. Never
    /// returns earlier. The events are valid until the next call. An error means that the kernel's objects
    /// are lost: call reset(). If waits fail again after that, they pause before they return.
    struct Limit
    {
        Instant deadline = Never;
        Nanoseconds atMost = Nanoseconds::max();
    };
    struct Result
    {
        std::span<const ReadyEvent> events;
        bool limited; ///< nothing happened: atMost was over before the deadline
        WaitError error;
    };
    Result wait(Limit limit, WaitFor what);

protected:
    static constexpr Nanoseconds Forever = Nanoseconds::max();
    /// The longest single wait while the process has no descriptor left that could wake the loop.
    static constexpr Nanoseconds WithoutWakeUps = std::chrono::milliseconds(10);

    struct Outcome
    {
        std::span<const ReadyEvent> events;
        /// False without events: the wait was interrupted or woken in vain; wait again.
        bool timedOut = false;
        WaitError error;
        /// The window system has sent messages to the thread; NativeMessages takes them.
        bool hasMessages = false;
    };
    /// Waits once in the kernel. The timeout is rounded up to the kernel's granularity; with 0 the call only
    /// looks.
    virtual Outcome doWait(Nanoseconds timeout, WaitFor what) = 0;
    /// For pollers whose descriptor() shows readiness only during a wait.
    virtual void prepareToBeWatched() {}
    /// Any thread. Makes the current doWait() return, or the next one.
    virtual void notify() = 0;

    /// Notes why the kernel's objects cannot be made, or that they could be made (no error).
    void setOpenError(std::error_code error) { m_trouble = error; }

private:
    class Remaining;

    Result look(WaitFor what);
    bool mayGoOn(const Outcome &outcome) const;
    void waitAgain(Outcome &outcome, const Remaining &remaining, WaitFor what);
    void pauseIfSpinning(Instant begin, unsigned interruptions);
    void noteFailure(std::error_code error, Nanoseconds longestPause);
    void noteSuccess();

    WakeFlag m_wakeFlag;
    const ClockFunction m_clock;
    unsigned m_failures = 0; ///< of waits, in a row
    std::error_code m_trouble;
};

/// Returns the pollers of this build, the default one first.
std::span<const Poller> availablePollers();

struct PollerOrError
{
    std::unique_ptr<AbstractPoller> poller; ///< null: see error
    std::error_code error;
};
/// Makes a poller. \a kind must be one of availablePollers().
PollerOrError createPoller(Poller kind, ClockFunction clock);

/// Makes the poller for \a wanted: that one, or for Poller::Auto the one of FLYWHEEL_POLLER or the default.
/// Never returns null: if the poller is not available, prints a warning and makes another one.
std::unique_ptr<AbstractPoller> choosePoller(Poller wanted, ClockFunction clock);

} // namespace Flywheel
