// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "journal/layout.h"
#include "platform/forkcounter.h"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace Flywheel {

/// What the journals of this process have in common. The child of a fork(2) has one of its own. Any thread.
class ProcessJournals
{
public:
    static ProcessJournals &instance();

    std::int64_t processId() const { return m_processId; }
    Instant made() const { return m_made; }

    std::mutex mutex;               ///< for the rest
    std::string name;               ///< JournalName::process, once there is a file
    std::vector<std::string> paths; ///< of the files, for the end of the process
    bool hasToldOfProblem = false;

private:
    ProcessJournals();

    const ProcessMark m_mark;
    const ProcessJournals *m_former = nullptr; ///< of the parent: not used, and no leak
    const std::int64_t m_processId;
    const Instant m_made;
};

/// Writes into the header of a journal whose it is. \a loopId is unique in the process.
void identify(Journaling::Header &header, std::uint64_t loopId, std::uint64_t threadId,
              std::string_view thread);

} // namespace Flywheel
