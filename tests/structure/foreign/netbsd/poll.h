// SPDX-License-Identifier: MIT
// What NetBSD's header has beside this system's.
#pragma once

#include_next <poll.h>

#include <csignal>
#include <ctime>

extern "C" int pollts(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout,
                      const sigset_t *mask);
