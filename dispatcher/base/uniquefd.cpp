// SPDX-License-Identifier: MIT
#include "base/uniquefd.h"

#include <unistd.h>

namespace Flywheel {

void UniqueFd::reset(int fd) noexcept
{
    const int old = std::exchange(m_fd, fd);
    // No retry on EINTR: Linux has released the number already (close(2)), another thread may own it.
    if (old >= 0)
        ::close(old);
}

} // namespace Flywheel
