// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>
#include <sys/resource.h>

namespace Flywheel::Monitor::Test {

/// Files that may not grow stand for a disk that is full: write(2) fails in the same way.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }

private:
    using Handler = void (*)(int);
    const Handler m_handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit m_before{};
};

} // namespace Flywheel::Monitor::Test
