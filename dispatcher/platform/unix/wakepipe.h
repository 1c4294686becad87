// SPDX-License-Identifier: MIT
#pragma once

#include "platform/uniquefd.h"

#include <atomic>

#include <sys/types.h>

namespace Flywheel {

/// Two connected sockets that end the wait of a thread that watches the read end. write() belongs to any
/// thread, the rest to the waiting one.
///
/// Sockets and not a pipe: a write never raises SIGPIPE, and a socket can be told from any other file, so
/// that a wake-up is never written to a file that took the number of a closed end.
class WakePipe
{
public:
    WakePipe() = default;
    ~WakePipe();
    WakePipe(const WakePipe &) = delete;

    /// False if it can't be had (errno).
    bool open();
    /// For one that does not work any more, or in a forked child. Lets go without closing: the numbers are
    /// another process's too, or mean other files by now.
    void abandon();
    explicit operator bool() const { return bool(m_readEnd); }
    bool has(int fd) const { return fd >= 0 && (fd == m_readEnd.get() || fd == m_writeEnd.get()); }
    /// Does the number of its write end still mean that?
    bool isIntact() const { return isOurs(m_writeEnd.get()); }
    int readEnd() const { return m_readEnd.get(); }
    /// False: it can't be read (errno), so it stays ready.
    bool drain();

    /// Does nothing while there is no pipe. False: its end was closed, or means another file.
    bool write() const;

private:
    bool isOurs(int target) const;

    UniqueFd m_readEnd;
    UniqueFd m_writeEnd;
    // For other threads:
    std::atomic<int> m_target{-1}; ///< m_writeEnd
    std::atomic<dev_t> m_device{};
    std::atomic<ino_t> m_inode{}; ///< that of m_writeEnd
};

} // namespace Flywheel
