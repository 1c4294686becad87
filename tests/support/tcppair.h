// SPDX-License-Identifier: MIT
#pragma once

#include "base/uniquefd.h"

namespace Flywheel::Test {

/// Two connected TCP sockets of the loopback interface, blocking. Any failure aborts.
class TcpPair
{
public:
    TcpPair();

    int first() const { return m_first.get(); }
    int second() const { return m_second.get(); }

private:
    Flywheel::UniqueFd m_first;
    Flywheel::UniqueFd m_second;
};

} // namespace Flywheel::Test
