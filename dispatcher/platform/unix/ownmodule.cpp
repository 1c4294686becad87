// SPDX-License-Identifier: MIT
#include "platform/ownmodule.h"

#include <climits>

#include <dlfcn.h>

namespace Flywheel {

namespace {

/// Something of this library whose address is known.
const char s_here = 0;

/// Empty if this is linked into the program itself, or the system does not tell. The linker knows the
/// directory as it was when the library was loaded, whatever the working directory is now.
std::string ownDirectory()
{
    Dl_info library;
    if (::dladdr(&s_here, &library) == 0)
        return {};
#if defined(__linux__) || defined(__FreeBSD__)
    void *const handle = ::dlopen(library.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (!handle)
        return {};
    char directory[2 * PATH_MAX]; // a working directory and a relative name
    const bool isKnown = ::dlinfo(handle, RTLD_DI_ORIGIN, directory) == 0;
    ::dlclose(handle);
    return isKnown ? directory : std::string();
#else // no dlinfo(3), or none that tells directories
    const std::string file = library.dli_fname;
    const std::size_t slash = file.rfind('/');
    return slash == std::string::npos ? std::string() : file.substr(0, slash);
#endif
}

} // namespace

OwnModule loadOwnModule(const char *library)
{
    const std::string name = FLYWHEEL_MODULE_PREFIX + std::string(library) + FLYWHEEL_MODULE_SUFFIX;
    const std::string directory = ownDirectory();
    if (!directory.empty()) {
        if (void *const handle = ::dlopen((directory + '/' + name).c_str(), RTLD_NOW | RTLD_LOCAL))
            return {handle};
    }
    if (void *const handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL))
        return {handle};
    return {nullptr, ::dlerror()};
}

bool isLibraryLoaded(const char *fileName)
{
    void *const handle = ::dlopen(fileName, RTLD_LAZY | RTLD_NOLOAD);
    if (!handle)
        return false;
    ::dlclose(handle);
    return true;
}

void *OwnModule::symbol(const char *name) const
{
    return ::dlsym(handle, name);
}

void OwnModule::unload()
{
    ::dlclose(handle);
    handle = nullptr;
}

} // namespace Flywheel
