// SPDX-License-Identifier: MIT
#include "platform/ownmodule.h"

#include "platform/unix/librarydirectory.h"

#include <dlfcn.h>

namespace Flywheel {

namespace {

/// Something of this library whose address is known.
const char s_here = 0;

} // namespace

OwnModule loadOwnModule(const char *library)
{
    const std::string name = FLYWHEEL_MODULE_PREFIX + std::string(library) + FLYWHEEL_MODULE_SUFFIX;
    if (LibraryDirectory own; findLibraryDirectory(&s_here, own)) {
        if (void *const handle = ::dlopen((own.path + ('/' + name)).c_str(), RTLD_NOW | RTLD_LOCAL))
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
