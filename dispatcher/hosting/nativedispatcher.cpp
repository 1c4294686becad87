// SPDX-License-Identifier: MIT
#include "hosting/nativedispatcher.h"

#include "base/ownmodule.h"
#include "hosting/hostmodule.h"

#include <flywheel/config.h>

#include <dlfcn.h>

namespace Flywheel {

namespace {

struct Module
{
    CreateDispatcherFunction create = nullptr;
    std::string error;
};

Module load(const char *name)
{
    void *handle = loadOwnModule(name);
    void *symbol = handle ? ::dlsym(handle, FLYWHEEL_HOST_MODULE_FUNCTION_NAME) : nullptr;
    if (!symbol)
        return {nullptr, ::dlerror()};
    return {reinterpret_cast<CreateDispatcherFunction>(symbol), {}};
}

const Module &moduleOf(NativeKind kind)
{
    if (kind == NativeKind::Platform) {
        static const Module s_gui = load("libflywheelgui.so." FLYWHEEL_SOVERSION_STR);
        return s_gui;
    }
    static const Module s_glib = load("libflywheelglib.so." FLYWHEEL_SOVERSION_STR);
    return s_glib;
}

} // namespace

NativeOrError createNativeDispatcher(NativeKind kind)
{
    const Module &module = moduleOf(kind);
    if (!module.create)
        return {nullptr, module.error};
    return {std::unique_ptr<QAbstractEventDispatcher>(module.create()), {}};
}

} // namespace Flywheel
