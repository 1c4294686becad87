// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace Flywheel::Test {

/// Limits the descriptors of this process while it exists. Ends the test program if it cannot.
class DescriptorLimit
{
public:
    /// The process gets no new descriptor at all: calls for one fail with EMFILE.
    DescriptorLimit() : DescriptorLimit(lowestFree()) {}
    /// Numbers of new descriptors stay below \a limit, or below what the system allows at most.
    explicit DescriptorLimit(rlim_t limit)
    {
        check(::getrlimit(RLIMIT_NOFILE, &m_before));
        m_limit = std::min(limit, m_before.rlim_max);
        const rlimit now{m_limit, m_before.rlim_max};
        check(::setrlimit(RLIMIT_NOFILE, &now));
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &m_before); }
    DescriptorLimit(const DescriptorLimit &) = delete;
    DescriptorLimit &operator=(const DescriptorLimit &) = delete;

    rlim_t limit() const { return m_limit; }

private:
    static void check(int result)
    {
        if (result >= 0)
            return;
        std::perror("DescriptorLimit");
        std::abort();
    }
    /// All numbers below it are in use.
    static rlim_t lowestFree()
    {
        const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        check(fd);
        ::close(fd);
        return static_cast<rlim_t>(fd);
    }

    rlimit m_before{};
    rlim_t m_limit = 0;
};

} // namespace Flywheel::Test
