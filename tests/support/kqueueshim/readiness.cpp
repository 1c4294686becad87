// SPDX-License-Identifier: MIT
#include "readiness.h"

#include "unsupported.h"

#include <cerrno>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

namespace KqueueShim {

namespace {

// macOS's filter for exceptions is the one for reading with a note more: it is active for plain data, too.
#if defined(EVFILT_EXCEPT) && defined(FLYWHEEL_KQUEUE_MACOS)
constexpr short ExceptEvents = POLLPRI | POLLIN | POLLRDHUP;
#else
constexpr short ExceptEvents = POLLPRI;
#endif

short pollEvents(Filter filter)
{
    if (filter == EVFILT_READ)
        return POLLIN | POLLRDHUP;
    return filter == EVFILT_WRITE ? POLLOUT : ExceptEvents;
}

std::int64_t bytesToRead(int fd)
{
    int bytes = 0;
    return ::ioctl(fd, FIONREAD, &bytes) == 0 ? bytes : 1; // a listening socket has connections
}

Readiness readiness(int fd, Filter filter, short events)
{
    if (filter == EVFILT_READ) {
        const bool active = events & (POLLIN | POLLRDHUP | POLLHUP | POLLERR);
        return {active, (events & (POLLRDHUP | POLLHUP)) != 0, active ? bytesToRead(fd) : 0, 0};
    }
    if (filter == EVFILT_WRITE)
        return {(events & (POLLOUT | POLLHUP | POLLERR)) != 0, (events & (POLLHUP | POLLERR)) != 0, 1, 0};
#ifdef EVFILT_EXCEPT
    const bool eof = ExceptEvents != POLLPRI && (events & (POLLRDHUP | POLLHUP));
    return {(events & ExceptEvents) != 0 || eof, eof, 0, events & POLLPRI ? unsigned(NOTE_OOB) : 0U};
#else
    unsupported("a filter of another system");
#endif
}

bool isPipeWithoutReader(int fd, const struct stat &status)
{
    pollfd polled{fd, 0, 0};
    return S_ISFIFO(status.st_mode) && ::poll(&polled, 1, 0) == 1 && (polled.revents & POLLERR);
}

} // namespace

bool isDescriptorFilter(Filter filter)
{
#ifdef EVFILT_EXCEPT
    if (filter == EVFILT_EXCEPT)
        return true;
#endif
    return filter == EVFILT_READ || filter == EVFILT_WRITE;
}

std::uint32_t epollEvents(Filter filter)
{
    // epoll_ctl(2): these flags have the values of poll(2)'s.
    static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT && EPOLLPRI == POLLPRI && EPOLLRDHUP == POLLRDHUP);
    return static_cast<std::uint32_t>(pollEvents(filter));
}

Readiness readinessOf(int fd, Filter filter)
{
    pollfd polled{fd, pollEvents(filter), 0};
    if (::poll(&polled, 1, 0) != 1 || (polled.revents & POLLNVAL))
        return {};
    return readiness(fd, filter, polled.revents);
}

int refusalOf(int fd, Filter filter)
{
    struct stat status
    {
    };
    if (::fstat(fd, &status) != 0)
        return errno;
    if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
        unsupported("a file or directory, which has a filter of its own everywhere");
    if (filter == EVFILT_WRITE && isPipeWithoutReader(fd, status)) {
#if defined(FLYWHEEL_KQUEUE_FREEBSD)
        return EPIPE; // the same situation has another answer on each system
#elif defined(FLYWHEEL_KQUEUE_NETBSD)
        return EBADF;
#endif
    }
    return 0;
}

int refusalOfDriver()
{
#ifdef FLYWHEEL_KQUEUE_FREEBSD
    return ENODEV;
#else
    return EINVAL;
#endif
}

} // namespace KqueueShim
