// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel {

/// Returns how often this process image was forked by fork(2), counted in the child. One relaxed load; any
/// thread. Always 0 on Windows, which has no fork(2).
unsigned forkCount() noexcept;

/// Remembers the process in which it was made. A child of fork(2) inherits the memory of objects that belong
/// to its parent, such as threads and kernel objects: keep a mark beside such an object to notice that.
class ProcessMark
{
public:
    /// False in a child that was forked after the mark was made or renewed.
    bool isSameProcess() const noexcept { return m_forks == forkCount(); }
    /// From now on the mark is that of the running process.
    void renew() noexcept { m_forks = forkCount(); }

private:
    unsigned m_forks = forkCount();
};

/// What to do around each fork(2), in the thread that forks.
struct ForkGuard
{
    void (*before)();
    void (*inParent)();
    void (*inChild)(); ///< may do only what signal handlers may do, see pthread_atfork(3)
};

/// Registers \a guard until the process ends. Guards that are registered later run earlier before a fork, and
/// later after it. Returns false if there is no memory for it.
bool guardForks(const ForkGuard &guard);

} // namespace Flywheel
