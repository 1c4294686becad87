// SPDX-License-Identifier: MIT
#include "poller/interestset.h"

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
        entry.writeProbe = WriteProbe::Due;
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
    if (!m_changed.empty())
        applyChanges();
    if (!m_alwaysReady.empty())
        addAlwaysReady();
    return m_ready;
}

void InterestSet::applyChanges()
{
    const bool wasRetrying = std::exchange(m_retry, false);
    probeNewWriteInterests();
    m_applying.swap(m_changed);
    for (const int fd : m_applying) {
        Entry &entry = m_entries[indexOf(fd)];
        entry.changed = false;
        apply(fd, entry);
    }
    m_applying.clear();
    if (m_retry && !wasRetrying)
        qWarning("Flywheel: the kernel refuses to watch a descriptor: %s; trying again until it does (see "
                 "fs.epoll.max_user_watches in epoll(7))",
                 m_refusal.message().c_str());
}

void InterestSet::probeNewWriteInterests()
{
    m_probes.clear();
    for (const int fd : m_changed) {
        const Entry &entry = m_entries[indexOf(fd)];
        if (entry.writeProbe == WriteProbe::Due && any(entry.wanted & Interest::Write))
            m_probes.push_back({fd, Interest::None});
    }
    if (m_probes.empty() || probe(m_probes) == 0)
        return;
    for (const ProbedDescriptor &probed : m_probes) {
        if (!any(probed.ready))
            continue; // not ready, or closed: registering it will tell
        m_entries[indexOf(probed.fd)].writeProbe = WriteProbe::Ready;
        m_ready.push_back({probed.fd, probed.ready, false});
    }
}

/// What to register now. Write interest that was just reported waits: its handler may drop it.
Interest InterestSet::settleWriteProbe(int fd, Entry &entry)
{
    if (entry.writeProbe != WriteProbe::Ready) {
        entry.writeProbe = WriteProbe::None;
        return entry.wanted;
    }
    entry.writeProbe = WriteProbe::Reported;
    noteChange(fd, entry);
    return entry.wanted & ~Interest::Write;
}

void InterestSet::apply(int fd, Entry &entry)
{
    const Interest interest = settleWriteProbe(fd, entry);
    if (interest == entry.registered && !entry.suspect)
        return;
    if (std::exchange(entry.alwaysReady, false))
        std::erase(m_alwaysReady, fd);
    const std::error_code error = registerAs(fd, entry, interest);
    entry.suspect = false;
    setRegistered(entry, error ? Interest::None : interest);
    if (error)
        handleError(fd, entry, error);
}

/// One epoll_ctl(2), two where the number means another file than it did.
std::error_code InterestSet::registerAs(int fd, Entry &entry, Interest interest)
{
    if (!any(interest)) {
        if (any(entry.registered))
            m_poller->remove(fd); // refused if the descriptor is closed: then it is out already
        return {};
    }
    const bool isNew = !any(entry.registered);
    if (isNew || entry.suspect)
        ++entry.generation;
    const std::uint64_t token = toToken(fd, entry.generation);
    const std::error_code error =
        isNew ? m_poller->add(fd, interest, token) : m_poller->modify(fd, interest, token);
    if (error == std::errc::no_such_file_or_directory)
        return m_poller->add(fd, interest, token);
    if (error == std::errc::file_exists)
        return m_poller->modify(fd, interest, token);
    return error;
}

void InterestSet::setRegistered(Entry &entry, Interest interest)
{
    m_registeredCount += any(interest);
    m_registeredCount -= any(entry.registered);
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
    if (m_retry || isEmpty() || !m_poller->hasKernelSet()) {
        ask({deadline, m_retry ? RetryAfter : Nanoseconds::max()});
        return m_ready;
    }
    for (bool again = true; again;) {
        const Nanoseconds allowance = m_audit.allowance(m_coarseClock());
        if (allowance > Nanoseconds::zero()) {
            again = ask({deadline, allowance});
        } else {
            renewSome();
            again = ask({m_ready.empty() ? deadline : Immediately});
        }
    }
    return m_ready;
}

std::span<const InterestSet::Ready> InterestSet::prepareForeignWait(Instant &again)
{
    prepare();
    again = Never;
    if (m_retry)
        again = after(m_coarseClock(), RetryAfter);
    else if (!isEmpty() && m_audit.allowance(m_coarseClock()) > Nanoseconds::zero())
        again = m_audit.next();
    else if (!isEmpty())
        renewSome();
    if (m_poller->hasUncovered()) {
        ask({Immediately});
        again = std::min(again, after(m_coarseClock(), LookAfter));
    }
    return m_ready;
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

void InterestSet::renewSome()
{
    unsigned left = RegistrationAudit::Chunk;
    m_renewNext = m_entries.visitFrom(m_renewNext, [&](std::size_t index, Entry &entry) {
        if (!any(entry.registered) && !entry.alwaysReady)
            return true;
        entry.suspect = true;
        noteChange(static_cast<int>(index), entry);
        return --left > 0;
    });
    applyChanges();
}

void InterestSet::rebuild()
{
    if (const std::error_code error = m_poller->reset())
        qWarning("Flywheel: cannot renew the %s poller: %s", pollerName(m_poller->kind()),
                 error.message().c_str());
    m_entries.visitFrom(0, [this](std::size_t index, Entry &entry) {
        if (any(entry.registered)) {
            setRegistered(entry, Interest::None);
            entry.suspect = true;
            noteChange(static_cast<int>(index), entry);
        }
        return true;
    });
}

} // namespace Flywheel
