// SPDX-License-Identifier: MIT
#include "journal/recordedprocess.h"

namespace Flywheel {

// Journals are in memory only here.

std::vector<RecordedProcess> recordedProcessesOf(const std::vector<JournalFile> &)
{
    return {};
}

std::vector<RecordedProcess> recordedProcessesIn(const std::string &)
{
    return {};
}

std::vector<RecordedProcess> recordedProcesses()
{
    return {};
}

} // namespace Flywheel
