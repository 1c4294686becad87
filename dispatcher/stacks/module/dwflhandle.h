// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include <elfutils/libdwfl.h>

namespace Flywheel {

struct EndDwfl
{
    void operator()(Dwfl *dwfl) const { dwfl_end(dwfl); }
};
using DwflHandle = std::unique_ptr<Dwfl, EndDwfl>;

/// Of what libdw makes with malloc(3).
struct Free
{
    void operator()(void *memory) const { std::free(memory); }
};

/// The build id of \a module, whose file must have been opened, in hexadecimal; empty if it has none.
inline std::string buildIdOf(Dwfl_Module *module)
{
    static constexpr std::array<char, 17> digits{"0123456789abcdef"};
    const unsigned char *bytes = nullptr;
    GElf_Addr address = 0;
    const int count = dwfl_module_build_id(module, &bytes, &address);
    std::string text;
    for (int i = 0; i < count; ++i)
        text += {digits[bytes[i] >> 4U], digits[bytes[i] & 15U]};
    return text;
}

} // namespace Flywheel
