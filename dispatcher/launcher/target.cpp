// SPDX-License-Identifier: MIT
#include "target.h"

#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

namespace Flywheel::Preload {

/// Null unless \a library is loaded already and has \a symbol, itself or in what it depends on.
static void *symbolOfLoaded(const char *library, const char *symbol)
{
    void *handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    if (!handle)
        return nullptr;
    void *function = dlsym(handle, symbol);
    dlclose(handle); // the caller keeps its Qt loaded; holding it here would prevent unloading for ever
    return function;
}

/// The main program finds its Qt in the global scope, behind the shim. A library may have been loaded with
/// RTLD_LOCAL, as Python loads its modules: its Qt is found only through the library's own dependencies.
static void *symbolSeenBy(const void *caller, const char *symbol)
{
    Dl_info info;
    void *object = nullptr;
    if (dladdr1(caller, &info, &object, RTLD_DL_LINKMAP) && object) {
        const char *library = static_cast<const link_map *>(object)->l_name;
        void *function = *library ? symbolOfLoaded(library, symbol) : nullptr;
        if (function)
            return function;
    }
    return dlsym(RTLD_NEXT, symbol);
}

Target findTarget(const char *symbol, const char *qt6Library, const void *caller)
{
    void *const ofQt6 = symbolOfLoaded(qt6Library, symbol);
    void *function = symbolSeenBy(caller, symbol);
    if (!function)
        function = ofQt6;
    if (!function) {
        dprintf(STDERR_FILENO,
                "flywheel: no library of this program contains %s; start the program without Flywheel\n",
                symbol);
        std::abort();
    }
    return {function, function == ofQt6};
}

} // namespace Flywheel::Preload
