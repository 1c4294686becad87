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

/// What the loop wants of each descriptor, and how the poller comes to know it. One for each loop; its thread
/// only.
///
/// Changes are lazy: setWanted() writes a note, wait() applies what remains of it.
/// - Write interest that is new is first checked with one poll(2) for all such descriptors and reported at
/// once if ready:
///   QAbstractSocket enables its write notifier for each buffered write and disables it in the handler, which
///   so costs no epoll_ctl(2) at all. What is not ready, or is still wanted after it was reported, goes to
///   the poller.
/// - A descriptor whose interest was dropped and taken up again may be another file by now (numbers are
/// reused): it
///   is registered anew under a new generation. Readiness under an old generation comes from a file that was
///   closed here and lives on elsewhere (dup(2), a child); only a new kernel set silences it.
/// - Descriptors that can't be polled (regular files, /dev/null) count as always ready.
class InterestSet
{
public:
    struct Ready
    {
        int fd;
        Interest ready;
        bool invalid; ///< closed: the owner is to drop its interest
        bool closedByPeer = false;
    };

    /// \a coarseClock need not be exact (RegistrationAudit).
    explicit InterestSet(std::unique_ptr<AbstractPoller> poller, ClockFunction coarseClock);

    AbstractPoller &poller() const { return *m_poller; }

    /// \a fd is not negative.
    void setWanted(int fd, Interest wanted);

    /// Applies the changes. What is ready as far as is known without asking the poller; valid until the next
    /// call of prepare() or wait().
    std::span<const Ready> prepare();

    /// Asks the poller; adds to what prepare() found. If that was something, the deadline must be
    /// Immediately.
    std::span<const Ready> wait(Instant deadline);
    /// prepare() for a loop that leaves the waiting to somebody who watches the poller's descriptor: does
    /// what wait() does before it sleeps. To be called again at \a again at the latest; Never if no handler
    /// runs.
    std::span<const Ready> prepareForeignWait(Instant &again);
    /// Is there something for prepare() to do?
    bool hasChanges() const { return !m_changed.empty() && !m_retry; }
    /// Is there a descriptor that counts as always ready?
    bool hasAlwaysReady() const { return !m_alwaysReady.empty(); }
    /// Waits for wake-ups only; readiness is not lost.
    void waitForWakeUp(Instant deadline);

    /// Builds the kernel's objects anew and registers everything again.
    void rebuild();

    /// Does the kernel refuse something?
    bool hasTrouble() const { return m_refusal || m_poller->trouble(); }
    /// Warns about that, once. Not done by the calls above: the program's message handler may run a loop,
    /// which calls them.
    void reportTrouble();

private:
    /// Nothing is registered that could have been closed.
    bool isEmpty() const { return watchedCount() == 0; }
    std::size_t watchedCount() const { return m_registeredCount + m_alwaysReady.size(); }
    /// New write interest: to be checked for writability, found ready in this prepare(), reported by the last
    /// one.
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
    void setRegistered(Entry &entry, Interest interest);
    void handleError(int fd, Entry &entry, std::error_code error);
    void addAlwaysReady();
    bool sleepUntilAudit(Instant deadline);
    std::size_t renewSome(std::size_t most);
    bool renewAll();
    bool ask(AbstractPoller::Limit limit);

    std::unique_ptr<AbstractPoller> m_poller;
    const ClockFunction m_coarseClock;
    RegistrationAudit m_audit;
    PagedArray<Entry> m_entries; ///< by descriptor
    std::size_t m_registeredCount = 0;
    std::size_t m_renewNext = 0;
    std::vector<int> m_changed;
    std::vector<int> m_applying;
    std::vector<int> m_alwaysReady;
    std::vector<CheckedDescriptor> m_writeChecks;
    std::vector<Ready> m_ready;
    bool m_retry = false;      ///< a registration failed for lack of resources
    std::error_code m_refusal; ///< the last such failure
    Trouble m_trouble;         ///< that reportTrouble() has noticed
};

} // namespace Flywheel
