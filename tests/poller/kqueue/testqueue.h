// SPDX-License-Identifier: MIT
#pragma once

#include "platform/uniquefd.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <sys/event.h>

namespace Flywheel::Test {

using Event = struct kevent;

inline Event makeEvent(int ident, decltype(Event::filter) filter, unsigned flags, unsigned notes = 0,
                       std::uintptr_t udata = 0)
{
    Event event{};
    event.ident = static_cast<std::uintptr_t>(ident);
    event.filter = filter;
    event.flags = static_cast<decltype(event.flags)>(flags);
    event.fflags = notes;
    event.udata = reinterpret_cast<void *>(udata);
    return event;
}

inline std::uintptr_t udataOf(const Event &event)
{
    return reinterpret_cast<std::uintptr_t>(event.udata);
}

/// A kqueue, and calls of kevent() with one purpose each.
class TestQueue
{
public:
    TestQueue() : m_queue(::kqueue()) {}

    int descriptor() const { return m_queue.get(); }

    /// The error of one change without an event list; 0 for none.
    int change(int ident, decltype(Event::filter) filter, unsigned flags, unsigned notes = 0,
               std::uintptr_t udata = 0) const
    {
        const Event event = makeEvent(ident, filter, flags, notes, udata);
        return ::kevent(m_queue.get(), &event, 1, nullptr, 0, nullptr) < 0 ? errno : 0;
    }

    /// The events so far, at most \a room of them.
    std::vector<Event> look(std::size_t room = 16) const
    {
        std::vector<Event> events(room);
        const timespec none{};
        const int count =
            ::kevent(m_queue.get(), nullptr, 0, events.data(), static_cast<kevent_count>(room), &none);
        events.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return events;
    }
    std::size_t count() const { return look().size(); }

    /// What kevent() returns for these changes, with room for as many results and no time to wait.
    int apply(std::initializer_list<Event> changes, std::array<Event, 8> &results) const
    {
        const timespec none{};
        return ::kevent(m_queue.get(), changes.begin(), static_cast<kevent_count>(changes.size()),
                        results.data(), static_cast<kevent_count>(results.size()), &none);
    }

private:
    UniqueFd m_queue;
};

} // namespace Flywheel::Test
