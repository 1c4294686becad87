// SPDX-License-Identifier: MIT
#include "probe/depthprobe.h"

#include "base/ownmodule.h"

#include <flywheel/metrics.h>

#include <QtCore/qglobal.h>
#include <QtCore/qlogging.h>

#include <atomic>
#include <cstring>

#include <dlfcn.h>

namespace Flywheel {

namespace {

std::atomic<ProbePostedDepthFunction> s_postedDepth{nullptr};

template <typename Function>
Function resolve(void *module, const char *name)
{
    return reinterpret_cast<Function>(::dlsym(module, name));
}

ProbePostedDepthFunction load()
{
    void *const module = loadOwnModule(FLYWHEEL_PROBE_FILE);
    if (!module) {
        qWarning("Flywheel: the depth probe can't be loaded: %s", ::dlerror());
        return nullptr;
    }
    const auto version = resolve<ProbeQtVersionFunction>(module, ProbeQtVersionName);
    if (!version || std::strcmp(version(), qVersion()) != 0) {
        qWarning("Flywheel: the depth probe was built for Qt %s, this is Qt %s: it is not used",
                 version ? version() : "?", qVersion());
        ::dlclose(module);
        return nullptr;
    }
    return resolve<ProbePostedDepthFunction>(module, ProbePostedDepthName);
}

} // namespace

ProbePostedDepthFunction postedDepthProbe() noexcept
{
    return s_postedDepth.load(std::memory_order_relaxed);
}

bool loadDepthProbe()
{
    if (!postedDepthProbe())
        s_postedDepth.store(load(), std::memory_order_relaxed);
    return postedDepthProbe() != nullptr;
}

} // namespace Flywheel
