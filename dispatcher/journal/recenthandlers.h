// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journalreader.h"

#include <flywheel/metrics.h>

namespace Flywheel {

/// Adds the last handlers of a loop to \a loop, at most so many as \a most, and the one that runs at \a now.
void addHandlers(LoopHandlers &loop, const JournalContents &contents, Instant now, std::size_t most);

} // namespace Flywheel
