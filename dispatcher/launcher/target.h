// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel::Preload {

/// The function of Qt that an interposed call has to go on to.
struct Target
{
    void *function = nullptr; ///< Never null.
    bool isQt6 = false; ///< False for the Qt of another major version, whose symbols have the same names.
};

/// Finds the \a symbol that \a caller, an address in the calling code, would have called without the shim.
/// \a qt6Library is the file name of the library of Qt 6 that has it. Any thread; ends the process, after a
/// line that says so, if no library has the symbol.
Target findTarget(const char *symbol, const char *qt6Library, const void *caller);

} // namespace Flywheel::Preload
