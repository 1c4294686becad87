// SPDX-License-Identifier: MIT
#include "queue.h"

#include "unsupported.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace KqueueShim {

namespace {

constexpr std::uint64_t MirrorTag = UINT64_MAX;
constexpr std::array DescriptorFilters{
    Filter(EVFILT_READ),
    Filter(EVFILT_WRITE),
#ifdef EVFILT_EXCEPT
    Filter(EVFILT_EXCEPT),
#endif
};
constexpr unsigned KnownFlags =
    EV_ADD | EV_DELETE | EV_ENABLE | EV_DISABLE | EV_ONESHOT | EV_CLEAR | EV_RECEIPT | EV_DISPATCH;
#ifndef NOTE_TRIGGER
constexpr unsigned NOTE_TRIGGER = 0; // no filter takes it
#endif

bool isUser(Filter filter)
{
#ifdef EVFILT_USER
    return filter == EVFILT_USER;
#else
    (void)filter;
    return false;
#endif
}

unsigned knownNotes(Filter filter)
{
#ifdef EVFILT_EXCEPT
    if (filter == EVFILT_EXCEPT)
        return NOTE_OOB;
#endif
    return isUser(filter) ? NOTE_TRIGGER : 0;
}

void checkSupport(const struct kevent &change)
{
    if (!isDescriptorFilter(change.filter) && !isUser(change.filter))
        unsupported("this filter");
    if (change.flags & ~KnownFlags)
        unsupported("this flag");
    if (change.fflags & ~knownNotes(change.filter))
        unsupported("this filter's flag");
#ifdef EVFILT_EXCEPT
    if (change.filter == EVFILT_EXCEPT && (change.flags & EV_ADD) && change.fflags != NOTE_OOB)
        unsupported("EVFILT_EXCEPT without NOTE_OOB");
#endif
}

int errorOfUnknown(const struct kevent &change)
{
    const bool isClosed = !isUser(change.filter) && ::fcntl(static_cast<int>(change.ident), F_GETFD) < 0;
    return isClosed ? EBADF : ENOENT;
}

} // namespace

Queue::Queue(int epoll, int alwaysReadable) : m_epoll(epoll), m_alwaysReadable(alwaysReadable)
{
    epoll_event event{};
    event.data.u64 = MirrorTag;
    if (::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_alwaysReadable, &event) != 0)
        unsupported("a kernel that refuses an eventfd in an epoll set");
}

Queue::~Queue()
{
    ::syscall(SYS_close, m_epoll);
}

int Queue::apply(const struct kevent &change)
{
    checkSupport(change);
    const Key key(change.ident, change.filter);
    const auto found = m_knotes.find(key);
    int error = 0;
    if (found == m_knotes.end())
        error = change.flags & EV_ADD ? attach(change) : errorOfUnknown(change);
    else if (change.flags & EV_DELETE)
        error = drop(key);
    else
        touch(found->second, change);
    mirrorList();
    return error;
}

int Queue::attach(const struct kevent &change)
{
    const Key key(change.ident, change.filter);
    const int fd = static_cast<int>(change.ident);
    if (!isUser(change.filter)) {
        if (const int error = refusalOf(fd, change.filter))
            return error;
    }
    Knote &knote = m_knotes[key];
    knote.asked = change;
    knote.asked.flags &= EV_ONESHOT | EV_CLEAR | EV_DISPATCH | EV_RECEIPT;
    knote.disabled = (change.flags & EV_DISABLE) != 0;
    knote.triggered = isUser(change.filter) && (change.fflags & NOTE_TRIGGER);
    knote.asked.fflags &= ~unsigned(NOTE_TRIGGER);
    if (const int error = isUser(change.filter) ? 0 : watch(fd)) {
        m_knotes.erase(key);
        return error == EPERM ? refusalOfDriver() : error;
    }
    activateIfReady(knote);
    return 0;
}

int Queue::drop(const Key &key)
{
    Knote &knote = m_knotes.at(key);
    dequeue(knote);
    m_knotes.erase(key);
    return isUser(key.second) ? 0 : watch(static_cast<int>(key.first));
}

/// A change to what exists. It always takes over udata; a flag of EV_ADD's does not change what was added.
void Queue::touch(Knote &knote, const struct kevent &change)
{
    if (knote.disabled && (change.flags & EV_ADD) && !(change.flags & (EV_ENABLE | EV_DISABLE)))
        unsupported("EV_ADD of what is disabled: manuals and kernels disagree");
    knote.asked.udata = change.udata;
    if (isUser(change.filter)) {
        knote.triggered |= (change.fflags & NOTE_TRIGGER) != 0;
#ifndef FLYWHEEL_KQUEUE_MACOS
        if (change.flags & EV_CLEAR)
            knote.triggered = false;
#endif
    }
    if (change.flags & EV_DISABLE) {
        knote.disabled = true;
        dequeue(knote);
    } else if (change.flags & EV_ENABLE) {
        knote.disabled = false;
    }
    activateIfReady(knote);
}

/// Brings the epoll set in line with the knotes of a descriptor. errno, or 0.
int Queue::watch(int fd)
{
    std::uint32_t events = 0;
    for (const Filter filter : DescriptorFilters) {
        if (m_knotes.contains({static_cast<std::uintptr_t>(fd), filter}))
            events |= epollEvents(filter);
    }
    if (events == 0)
        return ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, fd, nullptr) == 0 ? 0 : errno;
    epoll_event event{};
    event.events = events | EPOLLET;
    event.data.u64 = static_cast<std::uint64_t>(fd);
    if (::epoll_ctl(m_epoll, EPOLL_CTL_MOD, fd, &event) == 0)
        return 0;
    return errno == ENOENT && ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

Readiness Queue::evaluate(const Knote &knote)
{
    if (isUser(knote.asked.filter))
        return {knote.triggered, false, 0, 0};
    return readinessOf(static_cast<int>(knote.asked.ident), knote.asked.filter);
}

void Queue::activateIfReady(Knote &knote)
{
    if (!knote.disabled && !knote.queued && evaluate(knote).active)
        enqueue(knote);
}

void Queue::enqueue(Knote &knote)
{
    knote.place = m_active.insert(m_active.end(), &knote);
    knote.queued = true;
}

void Queue::dequeue(Knote &knote)
{
    if (std::exchange(knote.queued, false))
        m_active.erase(knote.place);
}

void Queue::take(std::span<const epoll_event> reported)
{
    for (const epoll_event &event : reported) {
        for (const Filter filter : DescriptorFilters) {
            const auto found = m_knotes.find({event.data.u64, filter});
            if (event.data.u64 != MirrorTag && found != m_knotes.end())
                activateIfReady(found->second);
        }
    }
    mirrorList();
}

std::size_t Queue::scan(std::span<struct kevent> events)
{
    std::size_t count = 0;
    // What is put back at the tail is not met again: BSD puts a marker there first.
    for (std::size_t left = m_active.size(); left > 0 && count < events.size(); --left) {
        Knote &knote = *m_active.front();
        dequeue(knote);
        const Readiness readiness = evaluate(knote);
        if (readiness.active)
            deliver(knote, readiness, events[count++]);
    }
    mirrorList();
    return count;
}

void Queue::deliver(Knote &knote, const Readiness &readiness, struct kevent &event)
{
    event = knote.asked;
    event.flags = static_cast<decltype(event.flags)>(knote.asked.flags | (readiness.eof ? EV_EOF : 0));
    event.fflags = readiness.notes;
    event.data = static_cast<decltype(event.data)>(readiness.data);
    if (knote.has(EV_ONESHOT)) {
        drop({knote.asked.ident, knote.asked.filter});
        return;
    }
    if (knote.has(EV_CLEAR))
        knote.triggered = false;
    if (knote.has(EV_DISPATCH))
        knote.disabled = true;
    if (!knote.has(EV_CLEAR | EV_DISPATCH))
        enqueue(knote);
}

void Queue::forget(int fd)
{
    bool any = false;
    for (const Filter filter : DescriptorFilters) {
        const auto found = m_knotes.find({static_cast<std::uintptr_t>(fd), filter});
        if (found == m_knotes.end())
            continue;
        any = true;
        dequeue(found->second);
        m_knotes.erase(found);
    }
    if (any)
        watch(fd);
    mirrorList();
}

void Queue::mirrorList()
{
    if (m_mirrored == !m_active.empty())
        return;
    m_mirrored = !m_mirrored;
    epoll_event event{};
    event.events = m_mirrored ? unsigned(EPOLLIN) : 0U;
    event.data.u64 = MirrorTag;
    ::epoll_ctl(m_epoll, EPOLL_CTL_MOD, m_alwaysReadable, &event);
}

} // namespace KqueueShim
