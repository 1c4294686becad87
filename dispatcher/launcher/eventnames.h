// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace Flywheel::Preload {

/// QEvent::User and QEvent::MaxUser: between them are the types of programs and libraries.
constexpr std::int64_t FirstUserEvent = 1000;
constexpr std::int64_t LastUserEvent = 65535;

/// "MetaCall" for 43; empty for a type that QEvent::Type does not name.
std::string_view eventName(std::int64_t type);

} // namespace Flywheel::Preload
