// SPDX-License-Identifier: MIT
#pragma once

#include "kernelmemory.h"
#include "readiness.h"

#include <functional>
#include <list>
#include <map>
#include <span>
#include <utility>

#include <sys/epoll.h>

namespace KqueueShim {

/// One kqueue, by the algorithm of the BSD kernels: a knote for each (ident, filter); a list of those that
/// became active; each scan takes them from the head, asks their filters again, and puts level-triggered ones
/// back at the tail. What becomes active is told by an epoll set, edge-triggered. Its descriptor is the
/// kqueue's own, so that poll(2) and other sets can watch it; it is readable also while the list is not
/// empty.
///
/// All functions are called with the lock of all queues held.
class Queue
{
public:
    /// Takes over \a epoll. \a alwaysReadable stands for a list that is not empty.
    Queue(int epoll, int alwaysReadable);
    ~Queue();
    Queue(const Queue &) = delete;

    /// errno, or 0.
    int apply(const struct kevent &change);
    /// What the epoll set reported.
    void take(std::span<const epoll_event> reported);
    std::size_t scan(std::span<struct kevent> events);
    /// The descriptor is being closed.
    void forget(int fd);

private:
    struct Knote;
    using Key = std::pair<std::uintptr_t, Filter>;
    using Active = std::list<Knote *, KernelMemory<Knote *>>;
    struct Knote
    {
        struct kevent asked
        {
        };
        bool disabled = false;
        bool triggered = false; // EVFILT_USER
        bool queued = false;
        Active::iterator place{};

        bool has(unsigned flag) const { return (asked.flags & flag) != 0; }
    };

    int attach(const struct kevent &change);
    int drop(const Key &key);
    void touch(Knote &knote, const struct kevent &change);
    int watch(int fd);
    static Readiness evaluate(const Knote &knote);
    void activateIfReady(Knote &knote);
    void enqueue(Knote &knote);
    void dequeue(Knote &knote);
    void deliver(Knote &knote, const Readiness &readiness, struct kevent &event);
    void mirrorList();

    const int m_epoll;
    const int m_alwaysReadable;
    std::map<Key, Knote, std::less<>, KernelMemory<std::pair<const Key, Knote>>> m_knotes;
    Active m_active;
    bool m_mirrored = false;
};

} // namespace KqueueShim
