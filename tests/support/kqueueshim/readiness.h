// SPDX-License-Identifier: MIT
#pragma once

#include <sys/event.h>

#include <cstdint>

namespace KqueueShim {

/// The type of kevent::filter differs.
using Filter = decltype(kevent::filter);

/// What a filter says of a descriptor now.
struct Readiness
{
    bool active = false;
    bool eof = false;
    std::int64_t data = 0;
    unsigned notes = 0;
};

bool isDescriptorFilter(Filter filter);
/// Those of epoll(7) that may change what the filter says.
std::uint32_t epollEvents(Filter filter);
/// Asks poll(2).
Readiness readinessOf(int fd, Filter filter);
/// The error that EV_ADD is to give for a descriptor that is open; 0 for none. Aborts where the shim knows no
/// answer.
int refusalOf(int fd, Filter filter);
/// That of a device whose driver has no filters.
int refusalOfDriver();

} // namespace KqueueShim
