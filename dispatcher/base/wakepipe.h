// SPDX-License-Identifier: MIT
#pragma once

#include "base/uniquefd.h"

#include <atomic>

namespace Flywheel {

/// A pipe that ends the wait of a thread that watches its read end. write() belongs to any thread, the rest
/// to the waiting one.
class WakePipe
{
public:
    /// False if it can't be had (errno).
    bool open();
    /// Lets go without closing: the numbers are another process's too, or mean other files by now.
    void abandon();
    explicit operator bool() const { return bool(m_readEnd); }
    int readEnd() const { return m_readEnd.get(); }
    void drain();

    /// Does nothing while there is no pipe.
    void write() const;

private:
    UniqueFd m_readEnd;
    UniqueFd m_writeEnd;
    std::atomic<int> m_target{-1}; ///< m_writeEnd for other threads
};

} // namespace Flywheel
