// SPDX-License-Identifier: MIT
#include "journal/journalfiles.h"

#include "journal/journalreader.h"
#include "platform/uniquefd.h"
#include "platform/unix/runtimedirectory.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <map>
#include <system_error>
#include <tuple>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Flywheel {

namespace {

/// Larger files are none of ours.
constexpr off_t MostFileBytes = off_t(256) << 20;

/// Not by a symbolic link, and without waiting for the writer of a pipe.
UniqueFd openFile(const std::string &path)
{
    return keepOffStandard(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

bool readAt(int fd, std::size_t offset, std::span<std::uint64_t> to)
{
    auto *begin = reinterpret_cast<char *>(to.data());
    std::size_t done = 0;
    while (done < to.size_bytes()) {
        const ssize_t count =
            ::pread(fd, begin + done, to.size_bytes() - done, static_cast<off_t>(offset + done));
        if (count <= 0 && !(count < 0 && errno == EINTR))
            return false;
        done += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
    // The next copy is not to overtake this one; ThreadSanitizer knows no fences.
    static std::atomic<int> s_order{0};
    s_order.fetch_add(1, std::memory_order_seq_cst);
    return true;
}

/// Not mapped: a read of what is cut off meanwhile fails, where a mapping would end this process.
JournalSource sourceOf(int fd, std::string &problem)
{
    struct stat status
    {
    };
    if (fd < 0 || ::fstat(fd, &status) != 0)
        problem = "can't be opened: " + std::generic_category().message(errno);
    else if (!S_ISREG(status.st_mode))
        problem = "is not a file";
    else if (status.st_size > MostFileBytes)
        problem = "is too large for a journal";
    return {problem.empty() ? static_cast<std::size_t>(status.st_size) : 0,
            [fd](std::size_t offset, std::span<std::uint64_t> to) { return readAt(fd, offset, to); }};
}

/// Whether somebody has the file open for writing, which includes mappings; nothing if the system does not
/// tell.
std::optional<bool> hasWriter([[maybe_unused]] int fd)
{
#ifdef F_SETLEASE
    // fcntl(2): a read lease is refused while there is a writer, and given back when the file is closed. If
    // somebody opens it for writing in between, the signal is to do no harm.
    ::fcntl(fd, F_SETSIG, SIGURG);
    if (::fcntl(fd, F_SETLEASE, F_RDLCK) == 0)
        return false;
    if (errno == EAGAIN)
        return true;
#endif
    return std::nullopt;
}

/// The files of one process that has ended.
struct Ended
{
    std::string program;
    Nanoseconds lastSign{}; ///< of the system clock
    std::uint64_t bytes = 0;
    std::vector<std::string> paths;
};

std::uint64_t sizeOf(const std::string &path)
{
    struct stat status
    {
    };
    return ::lstat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// The last one first.
std::vector<Ended> endedProcessesIn(const std::string &directory)
{
    std::map<std::tuple<std::string, std::uint64_t, Instant>, Ended> processes;
    for (const JournalFile &file : journalFilesIn(directory)) {
        const std::optional<JournalIdentity> identity = readJournalIdentity(file.path);
        if (!identity || isBeingWritten(file.path))
            continue;
        Ended &process = processes[{file.name.process, identity->processId, identity->processMade}];
        process.program = identity->program;
        process.lastSign =
            std::max(process.lastSign, identity->lastSign.time_since_epoch() + identity->wallOffset);
        process.bytes += sizeOf(file.path);
        process.paths.push_back(file.path);
    }
    std::vector<Ended> result;
    result.reserve(processes.size());
    for (auto &[key, process] : processes)
        result.push_back(std::move(process));
    std::ranges::sort(result, std::ranges::greater(), &Ended::lastSign);
    return result;
}

} // namespace

std::vector<std::string> journalDirectories()
{
    std::vector<std::string> result = {runtimeDirectory()};
    if (const std::string fallback = fallbackRuntimeDirectory(); fallback != result[0])
        result.push_back(fallback);
    std::erase_if(result, [](const std::string &directory) {
        return ::access(directory.c_str(), F_OK) != 0 || !insecurityOfDirectory(directory).empty();
    });
    return result;
}

std::vector<JournalFile> journalFilesIn(const std::string &directory)
{
    std::vector<JournalFile> files;
    DIR *const entries = ::opendir(directory.c_str());
    if (!entries)
        return files;
    while (const dirent *const entry = ::readdir(entries)) {
        if (JournalName name = JournalName::parse(entry->d_name); name.processId != 0)
            files.push_back({std::move(name), directory + '/' + entry->d_name});
    }
    ::closedir(entries);
    std::ranges::sort(files, {}, [](const JournalFile &file) {
        return std::tuple(file.name.processId, file.name.process, file.name.loopId);
    });
    return files;
}

bool isBeingWritten(const std::string &path)
{
    const UniqueFd file = openFile(path);
    if (!file)
        return errno != ENOENT; // not ours to judge
    if (const std::optional<bool> known = hasWriter(file.get()))
        return *known;
    return processExists(JournalName::parse(path.substr(path.rfind('/') + 1)).processId);
}

void removeOldJournals(const std::string &directory)
{
    std::map<std::string, std::size_t> ofProgram;
    std::size_t kept = 0;
    std::uint64_t bytes = 0;
    for (const Ended &process : endedProcessesIn(directory)) {
        bytes += process.bytes;
        const bool fits = kept == 0 || (kept < MostEnded && bytes <= MostEndedBytes);
        // One without a program ended while it made the file.
        if (fits && !process.program.empty() && ++ofProgram[process.program] <= MostEndedOfProgram) {
            ++kept;
            continue;
        }
        for (const std::string &path : process.paths)
            ::unlink(path.c_str());
    }
}

JournalReading readJournalFile(const std::string &path)
{
    const UniqueFd file = openFile(path);
    std::string problem;
    const JournalSource source = sourceOf(file.get(), problem);
    return problem.empty() ? readJournal(source) : JournalReading{std::nullopt, problem};
}

JournalTail::JournalTail(const std::string &path) : m_file(openFile(path))
{
    if (!m_file)
        m_problem = "can't be opened: " + std::generic_category().message(errno);
}

JournalReading JournalTail::readNew()
{
    std::string problem = m_problem;
    const JournalSource source = problem.empty() ? sourceOf(m_file.get(), problem) : JournalSource();
    if (!problem.empty())
        return {std::nullopt, problem};
    JournalReading reading = readJournal(source, m_next);
    if (reading.contents)
        m_next = reading.contents->written;
    return reading;
}

std::optional<JournalIdentity> readJournalIdentity(const std::string &path)
{
    const UniqueFd file = openFile(path);
    std::string problem;
    const JournalSource source = sourceOf(file.get(), problem);
    if (!problem.empty())
        return std::nullopt;
    if (std::optional<JournalIdentity> identity = readJournalIdentity(source, problem))
        return identity;
    std::uint64_t magic = 0;
    const bool isUnfinished = source.bytes == 0 || (source.copy(0, {&magic, 1}) && magic == 0);
    return isUnfinished ? std::optional(JournalIdentity()) : std::nullopt;
}

} // namespace Flywheel
