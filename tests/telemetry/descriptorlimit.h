// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include <sys/resource.h>

namespace Flywheel::Telemetry::Test {

/// Allows \a count descriptors while it exists.
class DescriptorLimit
{
public:
    explicit DescriptorLimit(rlim_t count)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = std::min(count, m_before.rlim_max);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace Flywheel::Telemetry::Test
