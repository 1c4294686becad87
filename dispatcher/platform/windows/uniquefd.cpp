// SPDX-License-Identifier: MIT
#include "platform/uniquefd.h"
#include "platform/windows/windows.h"

namespace Flywheel {

/// Descriptors are sockets here; their handles have 32 significant bits.
void UniqueFd::reset(int fd) noexcept
{
    const int old = std::exchange(m_fd, fd);
    if (old >= 0)
        ::closesocket(static_cast<SOCKET>(old));
}

} // namespace Flywheel
