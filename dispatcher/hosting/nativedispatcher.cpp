// SPDX-License-Identifier: MIT
#include "hosting/nativedispatcher.h"

#include "platform/ownmodule.h"

namespace Flywheel {

namespace {

/// A module and one function of it.
template <typename Function>
struct Loaded
{
    Function function = nullptr;
    std::string error;
};

template <typename Function>
Loaded<Function> load(const char *name, const char *symbolName)
{
    const OwnModule module = loadOwnModule(name);
    if (!module.handle)
        return {nullptr, module.error};
    void *const symbol = module.symbol(symbolName);
    if (!symbol)
        return {nullptr, std::string(name) + " lacks " + symbolName};
    return {reinterpret_cast<Function>(symbol), {}};
}

const Loaded<CreateDispatcherFunction> &moduleOf(NativeKind kind)
{
    if (kind == NativeKind::Platform) {
        static const auto s_gui =
            load<CreateDispatcherFunction>("flywheelgui", FLYWHEEL_HOST_MODULE_FUNCTION_NAME);
        return s_gui;
    }
    static const auto s_glib =
        load<CreateDispatcherFunction>("flywheelglib", FLYWHEEL_HOST_MODULE_FUNCTION_NAME);
    return s_glib;
}

} // namespace

std::string hostModuleProblem(NativeKind kind)
{
    return moduleOf(kind).error;
}

bool isGuiLoaded()
{
    return isLibraryLoaded("libQt6Gui.so.6");
}

NativeOrError createNativeDispatcher(NativeKind kind)
{
    const Loaded<CreateDispatcherFunction> &create = moduleOf(kind);
    if (!create.function)
        return {nullptr, create.error};
    return {std::unique_ptr<QAbstractEventDispatcher>(create.function()), {}};
}

GlibSourceOrError attachGlibSource(HostClient &client)
{
    static const auto s_attach =
        load<AttachSourceFunction>("flywheelglib", FLYWHEEL_GLIB_SOURCE_FUNCTION_NAME);
    if (!s_attach.function)
        return {nullptr, s_attach.error};
    return {std::unique_ptr<GlibSource>(s_attach.function(&client)), {}};
}

} // namespace Flywheel
