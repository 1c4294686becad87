// SPDX-License-Identifier: MIT
#include "poller/interestset.h"

#include "poller/refusal.h"

#include <QtCore/qlogging.h>

#include <algorithm>

namespace Flywheel {

namespace {

/// How long to sleep at most while the kernel refuses registrations for lack of resources.
constexpr Nanoseconds RetryAfter = std::chrono::milliseconds(50);
/// How long a foreign wait may leave descriptors alone that the poller's own does not speak for.
constexpr Nanoseconds LookAfter = std::chrono::milliseconds(10);

std::uint64_t toToken(int fd, std::uint32_t generation)
{
    return std::uint64_t(generation) << 32 | static_cast<std::uint32_t>(fd);
}

std::size_t indexOf(int fd)
{
    return static_cast<std::size_t>(fd);
}

} // namespace

InterestSet::InterestSet(std::unique_ptr<AbstractPoller> poller, ClockFunction coarseClock)
    : m_poller(std::move(poller))
    , m_coarseClock(coarseClock)
{
}

void InterestSet::setWanted(int fd, Interest wanted)
{
    Entry &entry = m_entries[indexOf(fd)];
    const Interest added = wanted & ~entry.wanted;
    if (any(added & entry.registered) || entry.alwaysReady)
        entry.suspect = true;
    if (any(added & ~entry.registered & Interest::Write) && m_poller->hasKernelSet())
        entry.writeCheck = WriteCheck::Due;
    entry.wanted = wanted;
    noteChange(fd, entry);
}

void InterestSet::noteChange(int fd, Entry &entry)
{
    if (!entry.changed) {
        entry.changed = true;
        m_changed.push_back(fd);
    }
}

std::span<const InterestSet::Ready> InterestSet::prepare()
{
    m_ready.clear();
    m_hasNews = false;
    if (!m_changed.empty())
        applyChanges();
    if (!m_alwaysReady.empty())
        addAlwaysReady();
    return m_ready;
}

void InterestSet::applyChanges()
{
    m_retry = false;
    m_refusal = {};
    checkNewWriteInterests();
    m_applying.swap(m_changed);
    for (const int fd : m_applying) {
        Entry &entry = m_entries[indexOf(fd)];
        entry.changed = false;
        apply(fd, entry);
    }
    m_applying.clear();
    if (!hasTrouble())
        m_trouble.end();
}

void InterestSet::checkNewWriteInterests()
{
    m_writeChecks.clear();
    for (const int fd : m_changed) {
        const Entry &entry = m_entries[indexOf(fd)];
        if (entry.writeCheck == WriteCheck::Due && any(entry.wanted & Interest::Write))
            m_writeChecks.push_back({fd, Interest::None});
    }
    if (m_writeChecks.empty() || checkWritable(m_writeChecks) == 0)
        return;
    for (const CheckedDescriptor &checked : m_writeChecks) {
        if (!any(checked.ready))
            continue; // not ready, or closed: registering it will tell
        m_entries[indexOf(checked.fd)].writeCheck = WriteCheck::Ready;
        m_ready.push_back({checked.fd, checked.ready, false});
    }
}

/// What to register now. Write interest that was just reported waits: its handler may drop it.
Interest InterestSet::settleWriteCheck(int fd, Entry &entry)
{
    if (entry.writeCheck != WriteCheck::Ready) {
        entry.writeCheck = WriteCheck::None;
        return entry.wanted;
    }
    entry.writeCheck = WriteCheck::Reported;
    noteChange(fd, entry);
    return entry.wanted & ~Interest::Write;
}

void InterestSet::apply(int fd, Entry &entry)
{
    const Interest interest = settleWriteCheck(fd, entry);
    if (interest == entry.registered && !entry.suspect)
        return;
    if (std::exchange(entry.alwaysReady, false))
        std::erase(m_alwaysReady, fd);
    m_hasNews = m_hasNews || any(interest);
    const std::error_code error = registerAs(fd, entry, interest);
    entry.suspect = false;
    setRegistered(fd, entry, error ? Interest::None : interest);
    if (error)
        handleError(fd, entry, error);
}

/// One epoll_ctl(2), two where the number means another file than it did.
std::error_code InterestSet::registerAs(int fd, Entry &entry, Interest interest)
{
    if (!any(interest)) {
        if (any(entry.registered))
            noteError(m_poller->remove(fd)); // refused if the descriptor is closed: then it is out already
        return {};
    }
    const bool isNew = !any(entry.registered);
    if (isNew || entry.suspect)
        ++entry.generation;
    const std::uint64_t token = toToken(fd, entry.generation);
    const std::error_code error =
        isNew ? m_poller->add(fd, interest, token) : m_poller->modify(fd, interest, token);
    noteError(error);
    if (error == std::errc::no_such_file_or_directory)
        return m_poller->add(fd, interest, token);
    if (error == std::errc::file_exists)
        return m_poller->modify(fd, interest, token);
    return error;
}

/// The file of a descriptor that was closed may live on under another number, and in the set. And the poller
/// may have looked whether its set is still there.
void InterestSet::noteError(std::error_code error)
{
    if (error) {
        m_hasStray = true;
        m_mustAsk = true;
    }
}

void InterestSet::setRegistered(int fd, Entry &entry, Interest interest)
{
    const auto number = static_cast<std::uint32_t>(fd);
    m_registeredCount += any(interest);
    m_registeredCount -= any(entry.registered);
    m_registeredSum += any(interest) ? number : 0;
    m_registeredSum -= any(entry.registered) ? number : 0;
    entry.registered = interest;
}

void InterestSet::handleError(int fd, Entry &entry, std::error_code error)
{
    if (error == std::errc::operation_not_permitted) {
        entry.alwaysReady = true; // epoll_ctl(2): a file that does not support polling
        if (any(entry.wanted & (Interest::Read | Interest::Write)))
            m_alwaysReady.push_back(fd);
    } else if (error == std::errc::bad_file_descriptor) {
        m_ready.push_back({fd, Interest::None, true});
    } else {
        m_retry = true;
        m_refusal = error;
        noteChange(fd, entry);
    }
}

void InterestSet::addAlwaysReady()
{
    // poll(2) reports regular files as readable and writable, never as exceptional.
    for (const int fd : m_alwaysReady)
        m_ready.push_back({fd, Interest::Read | Interest::Write, false});
}

std::span<const InterestSet::Ready> InterestSet::wait(Instant deadline)
{
    const bool isAudited = !m_retry && !isEmpty() && m_poller->hasKernelSet();
    if (!isAudited || (sleepUntilAudit(deadline) && renewAll()))
        ask({deadline, m_retry ? RetryAfter : Nanoseconds::max()});
    return m_ready;
}

/// True if the descriptors are to be renewed now. A loop that does not sleep renews some of them now and
/// then.
bool InterestSet::sleepUntilAudit(Instant deadline)
{
    const Instant now = m_coarseClock();
    if (!m_audit.isDue(now, watchedCount()))
        return ask({deadline, RegistrationAudit::longestSleep(watchedCount())});
    if (deadline != Immediately)
        return true;
    m_audit.noteRenewal(now);
    renewSome(RegistrationAudit::Chunk);
    ask({Immediately});
    return false;
}

std::span<const InterestSet::Ready> InterestSet::prepareForeignWait(Instant &again)
{
    prepare();
    again = Never;
    const Instant now = m_coarseClock();
    if (m_retry) {
        again = after(now, RetryAfter);
    } else if (!isEmpty() && m_poller->hasKernelSet()) {
        if (m_audit.isDue(now, watchedCount())) {
            m_audit.noteRenewal(now);
            renewSome(watchedCount());
        } else {
            again = m_audit.nextAlarm(now, watchedCount());
        }
    }
    if (m_poller->hasUncovered()) {
        ask({Immediately});
        again = std::min(again, after(now, LookAfter));
    }
    return m_ready;
}

std::span<const InterestSet::Ready> InterestSet::endForeignWait()
{
    const Entry *const sole = soleEntry();
    if (!sole) {
        prepare();
        return wait(Immediately);
    }
    m_ready.clear();
    m_ready.push_back({static_cast<int>(m_registeredSum), sole->registered, false});
    return m_ready;
}

/// The only thing that can be ready, or null.
const InterestSet::Entry *InterestSet::soleEntry()
{
    const bool isOnlyOne = m_registeredCount == 1 && m_changed.empty() && m_alwaysReady.empty();
    if (!isOnlyOne || m_mustAsk || m_hasStray || !m_poller->isDescriptorExact() || m_poller->hasUncovered())
        return nullptr;
    const Entry *const entry = m_entries.find(m_registeredSum);
    return isSingle(entry->registered) ? entry : nullptr;
}

void InterestSet::waitForWakeUp(Instant deadline)
{
    m_poller->wait({deadline}, WaitFor::WakeUps);
}

/// True if the wait ended only because limit.atMost was over.
bool InterestSet::ask(AbstractPoller::Limit limit)
{
    const AbstractPoller::Result result = m_poller->wait(limit, WaitFor::Everything);
    bool stale = bool(result.error);
    m_mustAsk = stale;
    for (const ReadyEvent &event : result.events) {
        const int fd = static_cast<int>(event.token & UINT32_MAX);
        const Entry *entry = m_entries.find(indexOf(fd));
        if (entry && any(entry->registered) && entry->generation == event.token >> 32)
            m_ready.push_back({fd, event.ready, event.invalid, event.closedByPeer});
        else
            stale = true;
    }
    if (stale)
        rebuild();
    return result.limited;
}

/// Renews up to \a most registrations, those that were not renewed for the longest time. How many there were.
std::size_t InterestSet::renewSome(std::size_t most)
{
    std::size_t renewed = 0;
    const auto renew = [&](std::size_t index, Entry &entry) {
        if (!any(entry.registered) && !entry.alwaysReady)
            return true;
        entry.suspect = true;
        noteChange(static_cast<int>(index), entry);
        return ++renewed < most;
    };
    const bool isAtStart = m_renewNext == 0;
    m_renewNext = m_entries.visitFrom(m_renewNext, renew);
    if (renewed < most && !isAtStart)
        m_renewNext = m_entries.visitFrom(0, renew);
    applyChanges();
    return renewed;
}

/// Renews every registration, but looks now and then. False if something happened meanwhile: it comes first.
bool InterestSet::renewAll()
{
    m_audit.noteRenewal(m_coarseClock());
    for (std::size_t left = watchedCount(); left > 0;) {
        const std::size_t renewed = renewSome(std::min<std::size_t>(left, RegistrationAudit::Chunk));
        if (renewed == 0 || renewed >= left)
            break;
        left -= renewed;
        ask({Immediately});
        if (!m_ready.empty() || m_poller->hasWakeUp())
            break;
    }
    return m_ready.empty();
}

void InterestSet::rebuild()
{
    if (const std::error_code error = m_poller->reset())
        m_refusal = error;
    m_hasStray = false;
    m_mustAsk = true;
    m_entries.visitFrom(0, [this](std::size_t index, Entry &entry) {
        if (any(entry.registered)) {
            const int fd = static_cast<int>(index);
            setRegistered(fd, entry, Interest::None);
            entry.suspect = true;
            noteChange(fd, entry);
        }
        return true;
    });
}

void InterestSet::reportTrouble()
{
    const std::error_code error = m_refusal ? m_refusal : m_poller->trouble();
    if (!error || !m_trouble.begin(error))
        return;
    if (m_refusal) {
        qWarning("Flywheel: the kernel refuses to watch a descriptor: %s. Flywheel keeps trying. Advice: %s",
                 m_refusal.message().c_str(), adviceFor(error));
    } else {
        qWarning(
            "Flywheel: the %s poller cannot wait: %s. Timers, sockets and wake-ups may be late. Advice: %s",
            pollerName(m_poller->kind()), error.message().c_str(), adviceFor(error));
    }
}

} // namespace Flywheel
