// SPDX-License-Identifier: MIT
#include "journal/journalmemory.h"

namespace Flywheel {

void JournalMemory::makeFile(std::uint64_t) {}

void JournalMemory::removeFile() {}

void JournalMemory::keepPrivate(bool) noexcept {}

void JournalMemory::makeFileOfChild(std::uint64_t) {}

} // namespace Flywheel
