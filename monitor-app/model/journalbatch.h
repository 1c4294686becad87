// SPDX-License-Identifier: MIT
#pragma once

#include "handlerlog.h"
#include "journal/journalreader.h"

namespace Flywheel::Monitor {

/// Returns what a journal said as a batch for the log. \a next: the number of the first handler that was not
/// read before. \a takenAt: when nothing had ended yet of what was not read.
HandlerBatch toBatch(const JournalContents &contents, std::uint64_t next, Time takenAt);

} // namespace Flywheel::Monitor
