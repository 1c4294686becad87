// SPDX-License-Identifier: MIT
#pragma once

#include "base/pagedarray.h"
#include "poller/poller.h"
#include "poller/refusal.h"
#include "poller/registrationaudit.h"
#include "poller/writecheck.h"

#include <cstdint>
#include <vector>

namespace Flywheel {

/// What the loop wants of each descriptor, and how the poller learns of it. One for each loop; only its
/// thread uses it.
///
/// setWanted() only notes a change. prepare() applies what remains of the notes:
///
/// New write interest is first checked, with one poll(2) for all such descriptors, and reported if the
/// descriptor is ready. QAbstractSocket enables its write notifier for each buffered write and disables it in
/// the handler. So it mostly costs no epoll_ctl(2). What is not ready, or is still wanted after the report,
/// goes to the poller.
///
/// If interest in a descriptor was dropped and taken up again, its number may mean another file by now. So
/// the descriptor is registered again, under a new generation. Readiness under an old generation comes from a
/// file that was closed here and lives on elsewhere (dup(2), a child). Only a new kernel set silences it.
///
/// Descriptors that cannot be polled (regular files, /dev/null) count as always ready.
class InterestSet
{
public:
    struct Ready
    {
        int fd;
        Interest ready;
        bool invalid; ///< the descriptor is closed, and its owner should drop the interest
        bool closedByPeer = false;
    };

    /// \a coarseClock may be inexact: only RegistrationAudit uses it.
    explicit InterestSet(std::unique_ptr<AbstractPoller> poller, ClockFunction coarseClock);

    AbstractPoller &poller() const { return *m_poller; }

    /// Sets what the loop wants of \a fd, which must not be negative. Makes no system call.
    void setWanted(int fd, Interest wanted);

    /// Applies the changes. Returns what is known to be ready without a wait of the poller; valid until the
    /// next call of prepare() or wait().
    std::span<const Ready> prepare();

    /// Waits in the poller and adds what it finds to the result of prepare(). If that was not empty, \a
    /// deadline must be Immediately.
    std::span<const Ready> wait(Instant deadline);
    /// Does what prepare() does, and what wait() does before it sleeps, for a loop that another one hosts by
    /// watching the poller's descriptor. Sets \a again to when it must be called again at the latest; Never
    /// if not before a handler has run.
    std::span<const Ready> prepareForeignWait(Instant &again);
    /// After a foreign wait that found the poller's descriptor readable: does what prepare() and wait() do,
    /// but asks the poller only if it does not follow what is ready. It does where one descriptor is
    /// registered, for one thing.
    std::span<const Ready> endForeignWait();
    /// True if prepare() has something to do.
    bool hasChanges() const { return !m_changed.empty() && !m_retry; }
    /// True if the last prepare() registered something: it may be ready, and only the poller knows.
    bool hasNews() const { return m_hasNews; }
    /// True if nothing is registered, or counts as always ready.
    bool isEmpty() const { return watchedCount() == 0; }
    /// True if a descriptor counts as always ready.
    bool hasAlwaysReady() const { return !m_alwaysReady.empty(); }
    /// Waits for wake-ups only. Readiness is not lost.
    void waitForWakeUp(Instant deadline);

    /// Makes the kernel's objects again and registers everything again.
    void rebuild();

    /// True if the kernel refuses something.
    bool hasTrouble() const { return m_refusal || m_poller->trouble(); }
    /// Warns about that once. The other functions do not warn, because the program's message handler may run
    /// a loop that calls them.
    void reportTrouble();

private:
    std::size_t watchedCount() const { return m_registeredCount + m_alwaysReady.size(); }
    /// New write interest: Due is to be checked, Ready was found ready by this prepare(), Reported by the
    /// last one.
    enum class WriteCheck : unsigned char { None, Due, Ready, Reported };

    struct Entry
    {
        std::uint32_t generation = 0;
        Interest wanted = Interest::None;
        Interest registered = Interest::None;
        WriteCheck writeCheck = WriteCheck::None;
        bool changed = false;     ///< in m_changed
        bool suspect = false;     ///< the number may mean another file than the registered one
        bool alwaysReady = false; ///< in m_alwaysReady
    };

    void noteChange(int fd, Entry &entry);
    void applyChanges();
    void checkNewWriteInterests();
    Interest settleWriteCheck(int fd, Entry &entry);
    void apply(int fd, Entry &entry);
    std::error_code registerAs(int fd, Entry &entry, Interest interest);
    void setRegistered(int fd, Entry &entry, Interest interest);
    void noteError(std::error_code error);
    void handleError(int fd, Entry &entry, std::error_code error);
    void addAlwaysReady();
    bool sleepUntilAudit(Instant deadline);
    std::size_t renewSome(std::size_t most);
    bool renewAll();
    bool ask(AbstractPoller::Limit limit);
    const Entry *soleEntry();

    std::unique_ptr<AbstractPoller> m_poller;
    const ClockFunction m_coarseClock;
    RegistrationAudit m_audit;
    PagedArray<Entry> m_entries; ///< by descriptor
    std::size_t m_registeredCount = 0;
    std::uint32_t m_registeredSum = 0; ///< of their numbers: the one's number, where there is one
    std::size_t m_renewNext = 0;
    std::vector<int> m_changed;
    std::vector<int> m_applying;
    std::vector<int> m_alwaysReady;
    std::vector<CheckedDescriptor> m_writeChecks;
    std::vector<Ready> m_ready;
    bool m_mustAsk = true; ///< the poller's descriptor may be readable because of what the poller did itself
    bool m_hasStray = false; ///< the kernel's set may hold a file that is none of the registered ones
    bool m_hasNews = false;
    bool m_retry = false;      ///< a registration failed for lack of resources
    std::error_code m_refusal; ///< the last such failure
    Trouble m_trouble;         ///< what reportTrouble() has warned of
};

} // namespace Flywheel
