// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace Flywheel::Bench {

/// How often the calling thread has asked for memory (malloc, calloc, realloc, operator new), or nothing
/// where that cannot be counted: without glibc, and under a sanitizer, which has an allocator of its own.
std::optional<std::uint64_t> allocationsOfThread();

/// Bytes that malloc has handed out and not got back, its own headers included. Nothing without glibc 2.33.
std::optional<std::size_t> liveBytes();

} // namespace Flywheel::Bench
