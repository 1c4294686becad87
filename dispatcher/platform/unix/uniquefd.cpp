// SPDX-License-Identifier: MIT
#include "platform/uniquefd.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace Flywheel {

void UniqueFd::reset(int fd) noexcept
{
    const int old = std::exchange(m_fd, fd);
    // No retry on EINTR: Linux has released the number already (close(2)), another thread may own it.
    if (old >= 0)
        ::close(old);
}

UniqueFd keepOffStandard(int fd) noexcept
{
    UniqueFd opened(fd);
    if (fd < 0 || fd > STDERR_FILENO)
        return opened;
    UniqueFd moved(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    const int error = errno;
    opened.reset();
    errno = error;
    return moved;
}

} // namespace Flywheel
