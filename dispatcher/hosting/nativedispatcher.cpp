// SPDX-License-Identifier: MIT
#include "hosting/nativedispatcher.h"

#include "base/ownmodule.h"
#include "hosting/hostmodule.h"

namespace Flywheel {

namespace {

struct Module
{
    CreateDispatcherFunction create = nullptr;
    std::string error;
};

Module load(const char *name)
{
    const OwnModule module = loadOwnModule(name);
    if (!module.handle)
        return {nullptr, module.error};
    void *const symbol = module.symbol(FLYWHEEL_HOST_MODULE_FUNCTION_NAME);
    if (!symbol)
        return {nullptr, std::string(name) + " lacks " FLYWHEEL_HOST_MODULE_FUNCTION_NAME};
    return {reinterpret_cast<CreateDispatcherFunction>(symbol), {}};
}

const Module &moduleOf(NativeKind kind)
{
    if (kind == NativeKind::Platform) {
        static const Module s_gui = load("flywheelgui");
        return s_gui;
    }
    static const Module s_glib = load("flywheelglib");
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

std::string hostModuleProblem(NativeKind kind)
{
    return moduleOf(kind).error;
}

} // namespace Flywheel
