// SPDX-License-Identifier: MIT
#include "platform/zeropages.h"

#include <cstdlib>

namespace Flywheel {

void *takeZeroPages(std::size_t bytes) noexcept
{
    return std::calloc(1, bytes);
}

void releaseZeroPages(void *, std::size_t) noexcept {}

void returnZeroPages(void *pages, std::size_t) noexcept
{
    std::free(pages);
}

} // namespace Flywheel
