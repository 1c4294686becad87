// SPDX-License-Identifier: MIT
#pragma once

#include <system_error>

namespace Flywheel {

/// Does the error mean that there is none left of something? It may work later.
bool isLackOfResources(std::error_code error);

/// What a user can do about an error of the kernel's, for a warning. Never empty.
const char *adviceFor(std::error_code error);

/// What one loop is in trouble with. Of all loops that are in the same trouble at the same time, one warns.
class Trouble
{
public:
    Trouble() = default;
    ~Trouble() { end(); }
    Trouble(const Trouble &) = delete;
    Trouble &operator=(const Trouble &) = delete;

    /// True if a warning is due: it is new, and no other loop has it.
    bool begin(std::error_code error);
    void end();

private:
    std::error_code m_error;
};

} // namespace Flywheel
