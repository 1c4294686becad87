// SPDX-License-Identifier: MIT
#include "journal/recordedprocess.h"

#include <iterator>
#include <map>
#include <tuple>

namespace Flywheel {

namespace {

void add(RecordedProcess &process, const JournalFile &file)
{
    process.name = file.name.process;
    process.lives = process.lives || isBeingWritten(file.path);
    process.readAt = steadyNow();
    JournalReading reading = readJournalFile(file.path);
    if (reading.contents)
        process.loops.push_back(std::move(*reading.contents));
    else
        process.problems.push_back(file.path + ' ' + reading.problem);
}

/// The loops tell the difference of the clocks at different times: one counts for all, that of now or the
/// last.
void alignClocks(RecordedProcess &process)
{
    if (process.loops.empty())
        return;
    const auto last = std::ranges::max_element(
        process.loops, {}, [](const JournalContents &loop) { return loop.identity.lastSign; });
    const Nanoseconds offset = process.lives ? wallOffset() : last->identity.wallOffset;
    for (JournalContents &loop : process.loops)
        loop.identity.wallOffset = offset;
}

} // namespace

std::vector<RecordedProcess> recordedProcessesOf(const std::vector<JournalFile> &files)
{
    std::map<std::tuple<std::int64_t, std::string, Instant>, RecordedProcess> processes;
    for (const JournalFile &file : files) {
        const std::optional<JournalIdentity> identity = readJournalIdentity(file.path);
        const Instant made = identity ? identity->processMade : Instant();
        add(processes[{file.name.processId, file.name.process, made}], file);
    }
    std::vector<RecordedProcess> result;
    for (auto &[key, process] : processes) {
        alignClocks(process);
        result.push_back(std::move(process));
    }
    return result;
}

std::vector<RecordedProcess> recordedProcessesIn(const std::string &directory)
{
    return recordedProcessesOf(journalFilesIn(directory));
}

std::vector<RecordedProcess> recordedProcesses()
{
    std::vector<RecordedProcess> all;
    for (const std::string &directory : journalDirectories())
        std::ranges::move(recordedProcessesIn(directory), std::back_inserter(all));
    return all;
}

} // namespace Flywheel
