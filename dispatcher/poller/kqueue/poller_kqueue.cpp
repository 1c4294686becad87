// SPDX-License-Identifier: MIT
#include "poller/kqueue/poller_kqueue.h"

#include "poller/poll/pollcall.h"
#include "poller/poll/pollmask.h"
#include "poller/refusal.h"

#include <array>

#include <fcntl.h>
#include <sys/stat.h>

namespace Flywheel {

namespace {

struct InterestFilter
{
    Interest interest;
    Kqueue::Filter filter;
    unsigned flags;
    unsigned notes;
};
constexpr std::array Filters{
    InterestFilter{Interest::Read, EVFILT_READ, 0, 0},
    InterestFilter{Interest::Write, EVFILT_WRITE, 0, 0},
#ifdef EVFILT_EXCEPT
    InterestFilter{Interest::Exception, EVFILT_EXCEPT, EV_CLEAR, NOTE_OOB},
#endif
};

/// What of \a interest is for the queue; the rest is polled.
constexpr Interest filtersFor(Interest interest)
{
    const Interest directions = interest & (Interest::Read | Interest::Write);
    Interest filters = Interest::None;
    for (const InterestFilter &each : Filters)
        filters |= interest & each.interest;
    return any(directions) ? filters : Interest::None;
}

/// The error if it is closed; operation_not_permitted for regular files: to kqueues they are readable only
/// up to their end, to poll(2) always.
std::error_code checkFile(int fd)
{
    struct stat status
    {
    };
    if (::fstat(fd, &status) != 0)
        return lastError();
    return S_ISREG(status.st_mode) ? std::make_error_code(std::errc::operation_not_permitted)
                                   : std::error_code();
}

Interest readiness(const Kqueue::Event &event)
{
    if (event.filter == EVFILT_READ)
        return Interest::Read;
    if (event.filter == EVFILT_WRITE)
        return Interest::Write;
#ifdef NOTE_OOB
    if (event.fflags & NOTE_OOB) // macOS reports plain data through this filter, too
        return Interest::Exception;
#endif
    return Interest::None;
}

int interrupted()
{
    errno = EINTR;
    return -1;
}

/// Has this system kqueues at all? Asked once: later, only descriptors and memory can be missing.
std::error_code tryKqueue()
{
    const UniqueFd queue(::kqueue());
    const std::error_code error = queue ? std::error_code() : lastError();
    return isLackOfResources(error) ? std::error_code() : error;
}

} // namespace

PollerOrError KqueuePoller::create(ClockFunction clock)
{
    static const std::error_code s_error = tryKqueue();
    if (s_error)
        return {nullptr, s_error};
    return {std::unique_ptr<KqueuePoller>(new KqueuePoller(clock)), {}};
}

KqueuePoller::KqueuePoller(ClockFunction clock) : KernelSetPoller(clock) {}

KqueuePoller::~KqueuePoller()
{
    if (m_queue &&
        !m_waker.isEnrolled(m_queue.get())) { // the program closed it, the number may be a file's by now
        m_waker.abandon();
        m_queue.release();
        m_wakeQueue.release();
    }
}

std::error_code KqueuePoller::openEach()
{
    if (const std::error_code error = m_waker.open())
        return error;
    if (const std::error_code error = openQueue(m_queue))
        return error;
    m_polled.setOwn(m_queue.get());
    m_target.store(m_queue.get());
    return {};
}

std::error_code KqueuePoller::openQueue(UniqueFd &queue)
{
    queue = keepOffStandard(::kqueue());
    if (!queue)
        return lastError();
    ::fcntl(queue.get(), F_SETFD, FD_CLOEXEC);
    return m_waker.enrol(queue.get());
}

void KqueuePoller::closeSets()
{
    m_target.store(-1);
    m_wakeTarget.store(-1);
    m_polled.setOwn(-1);
    m_queue.reset();
    m_wakeQueue.reset();
}

void KqueuePoller::abandon()
{
    m_waker.abandon();
    m_queue.release();
    m_wakeQueue.release();
}

std::error_code KqueuePoller::reset()
{
    m_registrations.visitFrom(0, [](std::size_t, Registration &registration) {
        registration = {};
        return true;
    });
    return KernelSetPoller::reset();
}

std::error_code KqueuePoller::add(int fd, Interest interest, std::uint64_t token)
{
    Registration &registration = m_registrations[static_cast<std::size_t>(fd)];
    if (registration.exists())
        return std::make_error_code(std::errc::file_exists);
    return enrol(fd, registration, interest, token);
}

/// All anew: the descriptor may be another file by now, of which the queue knows nothing. And never EV_ADD
/// over what exists: what that resets differs.
std::error_code KqueuePoller::modify(int fd, Interest interest, std::uint64_t token)
{
    Registration *registration = m_registrations.find(static_cast<std::size_t>(fd));
    if (!registration || !registration->exists())
        return std::make_error_code(std::errc::no_such_file_or_directory);
    withdraw(fd, *registration);
    return enrol(fd, *registration, interest, token);
}

std::error_code KqueuePoller::remove(int fd)
{
    Registration *registration = m_registrations.find(static_cast<std::size_t>(fd));
    if (!registration || !registration->exists())
        return std::make_error_code(std::errc::no_such_file_or_directory);
    withdraw(fd, *registration);
    return {};
}

std::error_code KqueuePoller::enrol(int fd, Registration &registration, Interest interest,
                                    std::uint64_t token)
{
    const bool isOpened = !open();
    if (const std::error_code error = checkFile(fd))
        return error;
    registration.token = token;
    const bool isOwn = fd == m_queue.get() || fd == m_wakeQueue.get() || m_waker.has(fd);
    if (isOwn && !noteIfLost()) // the program has closed it, or we could not have got its number
        return std::make_error_code(std::errc::bad_file_descriptor);
    if (!isOpened || isOwn) { // polled until there is a queue and it is enrolled anew
        registration.polled = true;
        return m_polled.add(fd, interest, token);
    }
    if (const std::error_code error = addFilters(fd, registration, filtersFor(interest))) {
        withdraw(fd, registration);
        return error;
    }
    if (registration.filters != filtersFor(interest))
        noteIfLost();
    const Interest rest = interest & ~registration.filters;
    registration.polled = any(rest);
    return registration.polled ? m_polled.add(fd, rest, token) : std::error_code();
}

/// Only a lack of resources is an error: whatever else a filter is refused for, poll(2) can tell of it.
std::error_code KqueuePoller::addFilters(int fd, Registration &registration, Interest filters)
{
    for (const InterestFilter &each : Filters) {
        if (!any(filters & each.interest))
            continue;
        const std::error_code error = Kqueue::change(m_queue.get(), fd, each.filter, EV_ADD | each.flags,
                                                     each.notes, registration.token);
        if (!error)
            registration.filters |= each.interest;
        else if (isLackOfResources(error))
            return error;
    }
    return {};
}

void KqueuePoller::withdraw(int fd, Registration &registration)
{
    for (const InterestFilter &each : Filters) {
        // Refused if the descriptor is closed or means another file: then it is out already.
        if (any(registration.filters & each.interest))
            Kqueue::change(m_queue.get(), fd, each.filter, EV_DELETE, 0, 0);
    }
    if (registration.polled)
        m_polled.remove(fd);
    registration = {};
}

int KqueuePoller::waitInQueue(int queue, Nanoseconds timeout)
{
    if (m_buffer.empty())
        m_buffer.resize(FirstBufferSize);
    const bool forever = timeout == Forever;
    const timespec relative = toTimespec(timeout);
    const auto size = static_cast<Kqueue::Count>(m_buffer.size());
    const int count = ::kevent(queue, nullptr, 0, m_buffer.data(), size, forever ? nullptr : &relative);
    m_reported = count > 0 ? static_cast<std::size_t>(count) : 0;
    return count;
}

int KqueuePoller::waitForWakeUp(Nanoseconds timeout)
{
    if (!m_wakeQueue) {
        if (openQueue(m_wakeQueue)) {
            m_wakeQueue.reset();
            pollFor({}, std::min(timeout, WithoutWakeUps));
            return interrupted();
        }
        m_wakeTarget.store(m_wakeQueue.get());
        if (hasWakeUp()) // by somebody who may not have seen this queue
            return interrupted();
    }
    return waitInQueue(m_wakeQueue.get(), timeout);
}

std::span<const ReadyEvent> KqueuePoller::collect()
{
    m_ready.clear();
    collectQueue();
    m_polled.visitReady([this](int fd, std::uint64_t token, short events) {
        report(fd, token, fromPollEvents(events), (events & POLLNVAL) != 0);
    });
    return m_ready;
}

void KqueuePoller::collectQueue()
{
    m_hangUps.clear();
    for (const Kqueue::Event &event : std::span(m_buffer).first(m_reported)) {
        const int fd = static_cast<int>(event.ident);
        const Interest ready = readiness(event);
        if (KqueueWaker::isWakeUp(event)) {
            m_waker.consume();
            continue;
        }
        if (any(ready))
            report(fd, Kqueue::toToken(event.udata), ready);
        if (event.flags & EV_EOF)
            m_hangUps.push_back({fd, POLLIN | POLLOUT, 0});
    }
    growIfFull(m_buffer, m_reported);
    if (!m_hangUps.empty())
        collectHangUps();
}

/// EV_EOF is set when one direction is at its end, a hang-up is the end of both; poll(2) knows which it is.
void KqueuePoller::collectHangUps()
{
    pollNow(m_hangUps);
    for (const pollfd &polled : m_hangUps) {
        const Registration *registration = m_registrations.find(static_cast<std::size_t>(polled.fd));
        if (registration && registration->exists() && (polled.revents & (POLLHUP | POLLERR)))
            report(polled.fd, registration->token, Interest::All);
    }
}

/// One event a descriptor, however many filters tell of it.
void KqueuePoller::report(int fd, std::uint64_t token, Interest ready, bool invalid)
{
    Registration *registration = m_registrations.find(static_cast<std::size_t>(fd));
    const std::size_t place = registration ? registration->place : m_ready.size();
    if (place < m_ready.size() && m_ready[place].token == token) {
        m_ready[place].ready |= ready;
        return;
    }
    if (registration)
        registration->place = m_ready.size();
    m_ready.push_back({token, ready, invalid});
}

void KqueuePoller::notify()
{
    if (!m_waker.wake(m_target.load(), m_wakeTarget.load()))
        m_thread.send();
}

} // namespace Flywheel
