// SPDX-License-Identifier: MIT
#pragma once

#include "platform/uniquefd.h"

#include <cstddef>

namespace Flywheel::Test {

/// Two connected, non-blocking stream sockets. Any failure aborts: a test without its sockets has no meaning.
class SocketPair
{
public:
    SocketPair();

    int first() const { return m_first.get(); }
    int second() const { return m_second.get(); }

    /// Makes the first one readable by writing one byte to the second.
    void write() const;
    /// Reads what came to the first one; returns the number of bytes.
    std::size_t drain() const;
    /// Writes to the first one until it takes no more.
    void fill() const;
    /// Reads all that fill() wrote, which makes the first one writable again.
    void makeRoom() const;
    void closeFirst() { m_first.reset(); }
    void closeSecond();

private:
    Flywheel::UniqueFd m_first;
    Flywheel::UniqueFd m_second;
};

} // namespace Flywheel::Test
