// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The journals that processes keep as files, and what is done with those of dead ones. Any thread.
namespace Flywheel {

/// `<process>-<loop>.journal`, where the process is `<pid>`, or `<pid>.1` to `<pid>.9` while another one of
/// that number, dead or of another container, has files here.
struct JournalName
{
    std::string process;
    std::int64_t processId = 0;
    std::uint64_t loopId = 0;

    std::string toString() const { return process + '-' + std::to_string(loopId) + ".journal"; }
    /// Of another file: with a process id of 0.
    static JournalName parse(std::string_view fileName);
};

struct JournalFile
{
    JournalName name;
    std::string path;
};

/// The directories in which this user's processes keep journals: those that exist and are secure.
std::vector<std::string> journalDirectories();

/// The journals in \a directory, by process and loop.
std::vector<JournalFile> journalFilesIn(const std::string &directory);

/// True if a process has the file open for writing or mapped: the process that makes it lives.
bool isBeingWritten(const std::string &path);

/// What removeOldJournals() keeps of processes that ended without removing their journals: those that
/// recorded something last.
inline constexpr std::size_t MostEndedOfProgram = 2;
inline constexpr std::size_t MostEnded = 8;
inline constexpr std::uint64_t MostEndedBytes = std::uint64_t(64) << 20; ///< but the last one whatever it has

/// Removes the journals of dead processes from \a directory, which must be secure, except the last ones.
void removeOldJournals(const std::string &directory);

} // namespace Flywheel
