// SPDX-License-Identifier: MIT
// The preloaded shim uses this file, so it needs neither Qt nor the C++ library.
#pragma once

#include <climits>
#include <cstring>

#include <dlfcn.h>

namespace Flywheel {

struct LibraryDirectory
{
    char path[2 * PATH_MAX]; ///< a working directory and a relative name
};

/// Writes into \a directory the folder of the loaded library that contains \a address. Any thread.
///
/// Returns false if the address belongs to the program itself, or if the system does not know the folder. On
/// Linux and FreeBSD, dlerror(3) then says why. There the linker keeps the folder as it was when the library
/// was loaded, so a later change of the working directory does not matter.
inline bool findLibraryDirectory(const void *address, LibraryDirectory &directory)
{
    Dl_info library;
    if (::dladdr(address, &library) == 0)
        return false;
#if defined(__linux__) || defined(__FreeBSD__)
    void *const handle = ::dlopen(library.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (!handle || ::dlinfo(handle, RTLD_DI_ORIGIN, directory.path) != 0)
        return false;
    ::dlclose(handle);
    return true;
#else // no dlinfo(3), or none that tells directories
    const char *const slash = std::strrchr(library.dli_fname, '/');
    const std::size_t length = slash ? static_cast<std::size_t>(slash - library.dli_fname) : 0;
    if (length == 0 || length >= sizeof directory.path)
        return false;
    std::memcpy(directory.path, library.dli_fname, length);
    directory.path[length] = 0;
    return true;
#endif
}

} // namespace Flywheel
