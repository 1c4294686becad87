// SPDX-License-Identifier: MIT
#pragma once

#include "journal/layout.h"
#include "platform/forkcounter.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace Flywheel {

/// The memory of one loop's journal. Where the system allows, it is a file in the runtime directory too, so
/// that other processes can read what the loop did while it hangs, and after its process has died
/// (journalfiles.h). The file is there from make() to removeFile(); exit(3) removes it as well.
///
/// Without a file (FLYWHEEL_JOURNAL=0, no directory, no room, no descriptor, Windows) it is plain memory. All
/// but the first and the last are said once a process in the log.
class JournalMemory
{
public:
    static constexpr std::size_t MostRecords = std::size_t(1) << 20;

    /// Empty.
    JournalMemory() = default;
    JournalMemory(JournalMemory &&other) noexcept
        : m_bytes(std::exchange(other.m_bytes, {}))
        , m_path(std::exchange(other.m_path, {}))
        , m_process(other.m_process)
    {
    }
    JournalMemory &operator=(JournalMemory &&other) noexcept
    {
        std::swap(m_bytes, other.m_bytes);
        std::swap(m_path, other.m_path);
        std::swap(m_process, other.m_process);
        return *this;
    }
    ~JournalMemory();

    /// Memory that is zero, for at least so many \a records: a power of two from FewestRecords to
    /// MostRecords. For 0: the fewest, without a file. Empty if there is no memory.
    static JournalMemory make(std::uint64_t loopId, std::size_t records);
    /// The same without a file. The memory is taken where it is written to.
    static JournalMemory makePlain(std::size_t records);
    /// Makes the file later, with what is in the memory.
    void makeFile(std::uint64_t loopId);

    explicit operator bool() const noexcept { return !m_bytes.empty(); }
    /// Stays where it is until this object goes.
    std::span<std::byte> bytes() const noexcept { return m_bytes; }
    /// Of the file; empty if there is none.
    const std::string &path() const noexcept { return m_path; }

    /// The loop has ended. The memory stays.
    void removeFile();
    /// In the child of fork(2), before anything is written: what is written from now on is seen by this
    /// process only. Without its \a contents, which take time and memory, it is zero: for a loop whose thread
    /// stayed in the parent. May be called where only what signal handlers may do is allowed.
    void keepPrivate(bool contents = true) noexcept;
    /// Later in the child: gives the memory, with what is in it, a file of this process.
    void makeFileOfChild(std::uint64_t loopId);

private:
    std::span<std::byte> m_bytes;
    std::string m_path;
    ProcessMark m_process; ///< that the file belongs to
};

} // namespace Flywheel
