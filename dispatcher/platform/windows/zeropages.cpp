// SPDX-License-Identifier: MIT
#include "platform/zeropages.h"

#include "platform/windows/windows.h"

namespace Flywheel {

void *takeZeroPages(std::size_t bytes) noexcept
{
    return ::VirtualAlloc(nullptr, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

void releaseZeroPages(void *, std::size_t) noexcept {}

void returnZeroPages(void *pages, std::size_t) noexcept
{
    ::VirtualFree(pages, 0, MEM_RELEASE);
}

} // namespace Flywheel
