// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <flywheel/metrics.h>

#include <array>
#include <cstring>
#include <string>
#include <string_view>

namespace Flywheel {

/// The receiver of a handler, as read before the handler runs. The pointers are valid only during the call
/// that gets it.
struct Subject
{
    const char *className = ""; ///< UTF-8
    std::u16string_view objectName;
    std::int64_t id = 0;            ///< see Stall::id
    const void *identity = nullptr; ///< distinguishes timers; never dereferenced
};

/// A class name in fixed memory, cut at 63 bytes.
struct ClassName
{
    std::array<char, 64> text{};

    void assign(const char *name) noexcept
    {
        text = {};
        std::strncpy(text.data(), name, text.size() - 1);
    }
    bool matches(const char *name) const noexcept
    {
        return std::strncmp(text.data(), name, text.size() - 1) == 0;
    }
    std::string toString() const { return text.data(); }
};

/// An object's name in fixed memory, cut at 32 UTF-16 units.
struct ObjectName
{
    static constexpr std::size_t MostUnits = 32;

    std::uint64_t length = 0;
    std::array<char16_t, MostUnits> text{};

    void assign(std::u16string_view name) noexcept
    {
        length = name.empty() ? 0 : name.copy(text.data(), text.size());
    }
    bool matches(std::u16string_view name) const noexcept
    {
        return std::u16string_view(text.data(), length) == name.substr(0, text.size());
    }
    std::string toString() const;
};

} // namespace Flywheel
