// SPDX-License-Identifier: MIT
#pragma once

#include "platform/unix/syscalls.h"

#include <bit>
#include <cstdint>

#include <sys/event.h>

namespace Flywheel::Kqueue {

using Event = struct kevent;
using Filter = decltype(Event::filter);
using UserData = decltype(Event::udata);

template <typename Number>
Number countOf(int (*)(int, const Event *, Number, Event *, Number, const timespec *));
/// Of events; int on most systems, size_t on some.
using Count = decltype(countOf(&::kevent));

static_assert(sizeof(UserData) == sizeof(std::uint64_t), "a token has 64 bits");

/// udata is a pointer on most systems, an integer on some.
inline UserData toUserData(std::uint64_t token)
{
    return std::bit_cast<UserData>(token);
}

inline std::uint64_t toToken(UserData data)
{
    return std::bit_cast<std::uint64_t>(data);
}

/// One change. Any thread. Each is a call of its own: one that fails keeps the rest of a list from being
/// applied (kevent(2), the eventlist without room for errors).
inline std::error_code change(int queue, int ident, Filter filter, unsigned flags, unsigned notes,
                              std::uint64_t token)
{
    Event event{};
    event.ident = static_cast<std::uintptr_t>(ident);
    event.filter = filter;
    event.flags = static_cast<decltype(event.flags)>(flags);
    event.fflags = notes;
    event.udata = toUserData(token);
    return resultOf(::kevent(queue, &event, 1, nullptr, 0, nullptr));
}

} // namespace Flywheel::Kqueue
