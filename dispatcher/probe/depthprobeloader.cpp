// SPDX-License-Identifier: MIT
#include "probe/depthprobe.h"

#include "base/ownmodule.h"

#include <flywheel/metrics.h>

#include <QtCore/qglobal.h>
#include <QtCore/qlogging.h>

#include <atomic>
#include <cstring>

namespace Flywheel {

namespace {

std::atomic<ProbePostedDepthFunction> s_postedDepth{nullptr};

template <typename Function>
Function resolve(const OwnModule &module, const char *name)
{
    return reinterpret_cast<Function>(module.symbol(name));
}

ProbePostedDepthFunction load()
{
    OwnModule module = loadOwnModule("flywheelprobe");
    if (!module.handle) {
        qWarning("Flywheel: the depth probe can't be loaded: %s", module.error.c_str());
        return nullptr;
    }
    const auto version = resolve<ProbeQtVersionFunction>(module, ProbeQtVersionName);
    if (!version || std::strcmp(version(), qVersion()) != 0) {
        qWarning("Flywheel: the depth probe was built for Qt %s, this is Qt %s: it is not used",
                 version ? version() : "?", qVersion());
        module.unload();
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
