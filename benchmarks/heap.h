// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace Flywheel::Bench {

/// How often the calling thread has asked for memory (malloc, calloc, realloc, operator new), or nothing
/// where that cannot be counted: under a sanitizer, which has an allocator of its own, with a C library that
/// is not known here, and on Windows for all threads but the one that asks first.
std::optional<std::uint64_t> allocationsOfThread();

/// Bytes that malloc has handed out and not got back, its own headers included. Nothing with a
/// C library that does not tell.
std::optional<std::size_t> liveBytes();

} // namespace Flywheel::Bench
