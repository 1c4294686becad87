// SPDX-License-Identifier: MIT
#pragma once

#include "platform/uniquefd.h"

#include <utility>

namespace Flywheel::Test {

/// Two connected TCP sockets of the loopback interface, blocking. Any failure aborts.
class TcpPair
{
public:
    TcpPair();

    int first() const { return m_first.get(); }
    int second() const { return m_second.get(); }

    /// Hands both over.
    void release(UniqueFd &first, UniqueFd &second)
    {
        first = std::move(m_first);
        second = std::move(m_second);
    }

    /// One byte to the first one.
    void sendOutOfBand() const;

private:
    Flywheel::UniqueFd m_first;
    Flywheel::UniqueFd m_second;
};

} // namespace Flywheel::Test
