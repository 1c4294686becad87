// SPDX-License-Identifier: MIT
#pragma once

// The system's headers in the one order that works, without the macros that break others.
#ifndef NOMINMAX
#    define NOMINMAX
#endif
#ifndef WIN32_LEAN_AND_MEAN
#    define WIN32_LEAN_AND_MEAN
#endif

#include <winsock2.h>

#include <mswsock.h>
#include <windows.h>

#include <system_error>

namespace Flywheel {

/// GetLastError() as an error code.
inline std::error_code lastWindowsError()
{
    return {static_cast<int>(::GetLastError()), std::system_category()};
}

/// A function of a system library, null where this Windows has none: for what only newer ones have, and for
/// what has no import library.
template <typename Function>
Function systemFunction(const wchar_t *library, const char *name)
{
    const HMODULE module = ::GetModuleHandleW(library);
    FARPROC found = module ? ::GetProcAddress(module, name) : nullptr;
    return reinterpret_cast<Function>(reinterpret_cast<void *>(found));
}

} // namespace Flywheel
