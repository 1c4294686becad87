// SPDX-License-Identifier: MIT
// kqueue(2) as FreeBSD, macOS, NetBSD and OpenBSD declare it, as far as the shim beside it can do it. The
// names and numbers are the interface of those systems. On Linux a macro says which flavour to be; the syntax
// check for the real systems (tests/structure/foreignsyntax.sh) goes by the compiler's own macros.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>

#if defined(__FreeBSD__)
#    define FLYWHEEL_KQUEUE_FREEBSD
#elif defined(__APPLE__)
#    define FLYWHEEL_KQUEUE_MACOS
#elif defined(__NetBSD__)
#    define FLYWHEEL_KQUEUE_NETBSD
#elif defined(__OpenBSD__)
#    define FLYWHEEL_KQUEUE_OPENBSD
#endif

#if defined(FLYWHEEL_KQUEUE_NETBSD)

struct kevent
{
    uintptr_t ident;
    uint32_t filter;
    uint32_t flags;
    uint32_t fflags;
    int64_t data;
    void *udata;
};
using kevent_count = std::size_t;

#    define EVFILT_READ 0U
#    define EVFILT_WRITE 1U
#    define EVFILT_USER 8U

#elif defined(FLYWHEEL_KQUEUE_FREEBSD) || defined(FLYWHEEL_KQUEUE_MACOS) || defined(FLYWHEEL_KQUEUE_OPENBSD)

struct kevent
{
    uintptr_t ident;
    short filter;
    unsigned short flags;
    unsigned fflags;
#    ifdef FLYWHEEL_KQUEUE_MACOS
    intptr_t data;
#    else
    int64_t data;
#    endif
    void *udata;
#    ifdef FLYWHEEL_KQUEUE_FREEBSD
    uint64_t ext[4];
#    endif
};
using kevent_count = int;

#    define EVFILT_READ (-1)
#    define EVFILT_WRITE (-2)
#    if defined(FLYWHEEL_KQUEUE_FREEBSD)
#        define EVFILT_USER (-11)
#    elif defined(FLYWHEEL_KQUEUE_MACOS)
#        define EVFILT_USER (-10)
#        define EVFILT_EXCEPT (-15)
#        define NOTE_OOB 0x2
#    else
#        define EVFILT_EXCEPT (-9)
#        define NOTE_OOB 0x4
#    endif

#else
#    error "which system's kqueue?"
#endif

#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ENABLE 0x0004
#define EV_DISABLE 0x0008
#define EV_ONESHOT 0x0010
#define EV_CLEAR 0x0020
#define EV_RECEIPT 0x0040
#define EV_DISPATCH 0x0080
#define EV_EOF 0x8000
#define EV_ERROR 0x4000

#ifdef EVFILT_USER
#    define NOTE_TRIGGER 0x01000000
#endif

extern "C" {
int kqueue();
int kevent(int queue, const struct kevent *changes, kevent_count changeCount, struct kevent *events,
           kevent_count eventCount, const struct timespec *timeout);
}
