// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journalfiles.h"
#include "journal/journalreader.h"

#include <algorithm>
#include <string>
#include <vector>

namespace Flywheel {

/// A process that has journals, as they tell of it: without its help, and also if it is dead.
struct RecordedProcess
{
    std::string name; ///< JournalName::process
    bool lives = false;
    Instant readAt;
    std::vector<JournalContents> loops;
    std::vector<std::string> problems; ///< of files that can't be read: path and reason

    /// When it last did something.
    Instant lastSign() const
    {
        Instant last;
        for (const JournalContents &loop : loops) {
            last = std::max(last, loop.identity.lastSign);
            if (!loop.handlers.empty())
                last = std::max(last, loop.handlers.back().began + loop.handlers.back().duration);
        }
        return last;
    }
};

/// The processes of these files, by number. One name may be that of several processes, one after the other.
/// What can't be read belongs to none of them. On Windows, like the next two, empty.
std::vector<RecordedProcess> recordedProcessesOf(const std::vector<JournalFile> &files);
/// The processes with files in \a directory that can be read, by number.
std::vector<RecordedProcess> recordedProcessesIn(const std::string &directory);
/// Those of this user.
std::vector<RecordedProcess> recordedProcesses();

} // namespace Flywheel
