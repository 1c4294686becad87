// SPDX-License-Identifier: MIT
#pragma once

#include "base/syscalls.h"

#include <cstdint>
#include <type_traits>

#include <sys/event.h>

namespace Flywheel::Kqueue {

using Event = struct kevent;
using Filter = decltype(Event::filter);
using UserData = decltype(Event::udata);

static_assert(sizeof(UserData) >= sizeof(std::uint64_t), "a token has 64 bits");

/// udata is a pointer on most systems, an integer on some.
template <typename Data = UserData>
Data toUserData(std::uint64_t token)
{
    if constexpr (std::is_pointer_v<Data>)
        return reinterpret_cast<Data>(static_cast<std::uintptr_t>(token));
    else
        return static_cast<Data>(token);
}

template <typename Data = UserData>
std::uint64_t toToken(Data data)
{
    if constexpr (std::is_pointer_v<Data>)
        return reinterpret_cast<std::uintptr_t>(data);
    else
        return static_cast<std::uint64_t>(data);
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
