// SPDX-License-Identifier: MIT
#include "support/descriptorlimit.h"

#include "platform/uniquefd.h"

#include <cstdio>
#include <cstdlib>

#include <fcntl.h>

namespace Flywheel::Test {

DescriptorLimit::DescriptorLimit()
{
    // The lowest free number: all below are in use.
    const UniqueFd lowest(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    rlimit none{};
    if (::getrlimit(RLIMIT_NOFILE, &m_before) < 0 || !lowest) {
        std::perror("DescriptorLimit");
        std::abort();
    }
    none = m_before;
    none.rlim_cur = static_cast<rlim_t>(lowest.get());
    ::setrlimit(RLIMIT_NOFILE, &none);
}

DescriptorLimit::~DescriptorLimit()
{
    ::setrlimit(RLIMIT_NOFILE, &m_before);
}

} // namespace Flywheel::Test
