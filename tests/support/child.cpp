// SPDX-License-Identifier: MIT
#include "support/child.h"

#include <cerrno>
#include <csignal>
#include <cstdio>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Flywheel::Test {

namespace {

constexpr unsigned SecondsToLive = 20;

[[noreturn]] void live(const std::function<bool()> &body)
{
    std::signal(SIGALRM, SIG_DFL);
    ::alarm(SecondsToLive);
    ::_exit(body() ? 0 : 1);
}

} // namespace

bool succeedsInChild(const std::function<bool()> &body)
{
    const pid_t child = ::fork();
    if (child == 0)
        live(body);
    int status = 0;
    pid_t ended = 0;
    do {
        ended = ::waitpid(child, &status, 0);
    } while (ended < 0 && errno == EINTR);
    if (ended == child && WIFSIGNALED(status))
        std::fprintf(stderr, "the child was ended by signal %d\n", WTERMSIG(status));
    return ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void closeAllDescriptors()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = 3; fd < static_cast<int>(limit.rlim_cur); ++fd)
        ::close(fd);
}

} // namespace Flywheel::Test
