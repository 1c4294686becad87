// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Flywheel {

/// A loaded library. Any thread.
struct OwnModule
{
    void *handle = nullptr; ///< null: see error
    std::string error{};

    /// Null if it has no such symbol.
    void *symbol(const char *name) const;
    void unload();
};

/// Loads a library that comes with Flywheel, for good: from the folder of the library that this function is
/// in, else from wherever the system looks. \a library is its bare name, "flywheelgui".
///
/// Not the bare file name alone: sanitizers and profilers wrap dlopen(3), and it is the wrapper's RUNPATH
/// that would count then.
OwnModule loadOwnModule(const char *library);

/// Whether a library with that file name is loaded into this process.
bool isLibraryLoaded(const char *fileName);

} // namespace Flywheel
