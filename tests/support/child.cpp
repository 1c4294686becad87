// SPDX-License-Identifier: MIT
#include "support/child.h"

#include <cerrno>
#include <csignal>
#include <cstdio>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

bool s_isForked = false;

} // namespace

/// LeakSanitizer's question to the program, at its end. It cannot check a forked child: it waits for the
/// parent's threads, and what a thread that is still starting holds looks lost.
extern "C" int __lsan_is_turned_off() // NOLINT(bugprone-reserved-identifier): the sanitizer's name
{
    return s_isForked ? 1 : 0;
}

namespace Flywheel::Test {

namespace {

constexpr unsigned SecondsToLive = 20;

/// waitpid(2)'s status of a child that runs \a body; -1 if there was none.
template <typename Body>
int statusOfChild(Body body)
{
    const pid_t child = ::fork();
    if (child == 0) {
        s_isForked = true;
        std::signal(SIGALRM, SIG_DFL);
        ::alarm(SecondsToLive);
        ::_exit(body());
    }
    int status = 0;
    pid_t ended = 0;
    do {
        ended = ::waitpid(child, &status, 0);
    } while (ended < 0 && errno == EINTR);
    return ended < 0 ? -1 : status;
}

} // namespace

int exitCodeOfChild(const std::function<void()> &body)
{
    const int status = statusOfChild([&] {
        body();
        return 100;
    });
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool succeedsInChild(const std::function<bool()> &body)
{
    const int status = statusOfChild([&] { return body() ? 0 : 1; });
    if (WIFSIGNALED(status))
        std::fprintf(stderr, "the child was ended by signal %d\n", WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void closeAllDescriptors()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = 3; fd < static_cast<int>(limit.rlim_cur); ++fd)
        ::close(fd);
}

} // namespace Flywheel::Test
