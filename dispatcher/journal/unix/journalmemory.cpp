// SPDX-License-Identifier: MIT
#include "journal/journalmemory.h"

#include "base/logging.h"
#include "journal/journalfiles.h"
#include "journal/processjournals.h"
#include "platform/uniquefd.h"
#include "platform/unix/runtimedirectory.h"
#include "platform/unix/syscalls.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MAP_ANONYMOUS
#    define MAP_ANONYMOUS MAP_ANON
#endif

namespace Flywheel {

namespace {

constexpr int MostNamesakes = 9;

bool filesAreWanted()
{
    const char *const wanted = std::getenv("FLYWHEEL_JOURNAL");
    return !wanted || std::strcmp(wanted, "0") != 0;
}

/// Not in a child that was made behind our back, by clone(2).
bool isProcess(const ProcessJournals &process)
{
    return process.processId() == ::getpid();
}

/// No warning: the program can do nothing about it, and QT_FATAL_WARNINGS would end it.
void tellOfProblem(ProcessJournals &process, const std::string &reason)
{
    if (std::exchange(process.hasToldOfProblem, true))
        return;
    qCInfo(
        lcDispatcher,
        "flywheel-run --dump cannot show this program's handlers: %s. Make room there or set XDG_RUNTIME_DIR "
        "to another directory of yours; FLYWHEEL_JOURNAL=0 does without",
        reason.c_str());
}

void removeFilesAtExit()
{
    ProcessJournals &process = ProcessJournals::instance();
    if (!isProcess(process))
        return;
    const std::lock_guard lock(process.mutex);
    for (const std::string &path : process.paths)
        ::unlink(path.c_str());
    process.paths.clear();
}

/// A name that no other process has files under, unless all are taken.
std::string freeName(const std::string &directory, const ProcessJournals &process)
{
    const std::string number = std::to_string(process.processId());
    const std::vector<JournalFile> files = journalFilesIn(directory);
    std::string name = number;
    for (int namesake = 1; namesake <= MostNamesakes; ++namesake) {
        if (std::ranges::none_of(files, [&](const JournalFile &file) { return file.name.process == name; }))
            break;
        name = number + '.' + std::to_string(namesake);
    }
    return name;
}

/// What a process does once, when it makes its first file.
void prepare(const std::string &directory, ProcessJournals &process)
{
    removeOldJournals(directory);
    process.name = freeName(directory, process);
    static const int s_registered = std::atexit(removeFilesAtExit);
    static_cast<void>(s_registered);
}

/// Empty with errno: can't be made.
UniqueFd createFile(const std::string &path)
{
    constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    return keepOffStandard(::open(path.c_str(), flags, S_IRUSR | S_IWUSR));
}

/// Writes all of it: room that is not there is an error here, and not the end of the process when it stores
/// to the mapping.
bool writeAll(int fd, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count == 0)
            errno = ENOSPC;
        if (count <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

/// Puts \a fresh, a mapping of that size, in the place of \a bytes.
bool moveOver(void *fresh, std::span<std::byte> bytes) noexcept
{
#ifdef __linux__
    return ::mremap(fresh, bytes.size(), bytes.size(), MREMAP_MAYMOVE | MREMAP_FIXED, bytes.data()) !=
           MAP_FAILED;
#else
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    if (::mmap(bytes.data(), bytes.size(), PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED)
        return false;
    std::memcpy(bytes.data(), fresh, bytes.size());
    ::munmap(fresh, bytes.size());
    return true;
#endif
}

/// Puts a copy of the \a bytes, which only this process sees, in their place.
bool copyOver(std::span<std::byte> bytes) noexcept
{
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    void *const copy = ::mmap(nullptr, bytes.size(), PROT_READ | PROT_WRITE, flags, -1, 0);
    if (copy == MAP_FAILED)
        return false;
    std::memcpy(copy, bytes.data(), bytes.size());
    if (moveOver(copy, bytes))
        return true;
    ::munmap(copy, bytes.size());
    return false;
}

/// Maps the file, which has the same bytes, in their place.
bool mapOver(int fd, std::span<std::byte> bytes)
{
#ifdef __linux__
    void *const fresh = ::mmap(nullptr, bytes.size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fresh == MAP_FAILED)
        return false;
    if (moveOver(fresh, bytes))
        return true;
    ::munmap(fresh, bytes.size());
    return false;
#else
    constexpr int flags = MAP_SHARED | MAP_FIXED;
    return ::mmap(bytes.data(), bytes.size(), PROT_READ | PROT_WRITE, flags, fd, 0) != MAP_FAILED;
#endif
}

/// Makes a file of \a bytes and maps it there. Empty: why there is none is in \a problem.
std::string makeFile(ProcessJournals &process, std::uint64_t loopId, std::span<std::byte> bytes,
                     std::string &problem)
{
    const std::string directory = runtimeDirectory();
    problem = secureDirectory(directory);
    if (!problem.empty())
        return {};
    if (process.name.empty())
        prepare(directory, process);
    std::string path = directory + '/' + JournalName{process.name, 0, loopId}.toString();
    UniqueFd file = createFile(path);
    if (!file && errno == EEXIST) { // one of another container was as fast
        process.name = freeName(directory, process);
        path = directory + '/' + JournalName{process.name, 0, loopId}.toString();
        file = createFile(path);
    }
    if (file && writeAll(file.get(), bytes) && mapOver(file.get(), bytes))
        return path;
    problem = (file ? "cannot write " : "cannot make ") + path + ": " + lastError().message();
    if (file)
        ::unlink(path.c_str());
    return {};
}

/// The path of the new file, or empty.
std::string tryToMakeFile(std::uint64_t loopId, std::span<std::byte> bytes)
{
    if (!filesAreWanted())
        return {};
    ProcessJournals &process = ProcessJournals::instance();
    if (!isProcess(process))
        return {};
    const std::lock_guard lock(process.mutex);
    std::string problem;
    std::string path = makeFile(process, loopId, bytes, problem);
    if (path.empty())
        tellOfProblem(process, problem);
    else
        process.paths.push_back(path);
    return path;
}

} // namespace

void JournalMemory::makeFile(std::uint64_t loopId)
{
    if (!m_bytes.empty() && m_path.empty())
        m_path = tryToMakeFile(loopId, m_bytes);
}

void JournalMemory::removeFile()
{
    const std::string path = std::exchange(m_path, {});
    if (path.empty() || !m_process.isSameProcess())
        return;
    ProcessJournals &process = ProcessJournals::instance();
    const std::lock_guard lock(process.mutex);
    // Not there any more: the end of the process has removed it.
    if (isProcess(process) && std::erase(process.paths, path) > 0)
        ::unlink(path.c_str());
}

void JournalMemory::keepPrivate(bool contents) noexcept
{
    if (m_bytes.empty() || m_path.empty() || (contents && copyOver(m_bytes)))
        return;
    // Also if there is no memory for a copy. Better no names than writing into the parent's file, and a
    // mapping that stays would make that seem to be in use.
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    static_cast<void>(::mmap(m_bytes.data(), m_bytes.size(), PROT_READ | PROT_WRITE, flags, -1, 0));
}

void JournalMemory::makeFileOfChild(std::uint64_t loopId)
{
    if (m_bytes.empty() || m_process.isSameProcess())
        return;
    m_process.renew();
    if (!std::exchange(m_path, {}).empty())
        m_path = tryToMakeFile(loopId, m_bytes);
}

} // namespace Flywheel
