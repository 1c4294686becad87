// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journalreader.h"

#include <string>

/// How --dump puts a handler into words. Names come from another process and are made safe to print.
namespace Flywheel::Preload {

/// "timer", "notifier", "batch", "task", "event", "window"; "kind 77" for what this version does not know.
std::string kindText(const JournalContents::Handler &handler);
/// `Worker "poll", id 3`: class, object name, and what else tells which one it is.
std::string receiverText(const JournalContents &loop, const JournalContents::Handler &handler);
/// The thread's name, or its number.
std::string threadText(const JournalIdentity &identity);

/// "1.24 ms"
std::string durationText(Nanoseconds duration);
/// "14:03:04.123456", local time; \a withDate: "2026-11-27 14:03:04.123456".
std::string timeText(const JournalIdentity &identity, Instant instant, bool withDate = false);

} // namespace Flywheel::Preload
