// SPDX-License-Identifier: MIT
#include "depthprobe/depthprobe.h"

#include "platform/ownmodule.h"

#include <flywheel/metrics.h>

#include <QtCore/qglobal.h>
#include <QtCore/qlogging.h>

#include <atomic>
#include <cstring>
#include <string>

namespace Flywheel {

namespace {

std::atomic<ProbePostedQueueFunction> s_postedQueue{nullptr}; ///< set last
std::atomic<ProbePostedDepthFunction> s_postedDepth{nullptr};

template <typename Function>
Function resolve(const OwnModule &module, const char *name)
{
    return reinterpret_cast<Function>(module.symbol(name));
}

/// What is wrong with the module; empty if it is loaded now.
std::string load()
{
    OwnModule module = loadOwnModule("flywheelprobe");
    if (!module.handle)
        return "cannot be loaded: " + module.error + ". Install it beside libflywheel.";
    const auto version = resolve<ProbeQtVersionFunction>(module, ProbeQtVersionName);
    if (!version || std::strcmp(version(), qVersion()) != 0) {
        const std::string built = version ? version() : "?";
        module.unload();
        return "was built for Qt " + built + " and is not used with Qt " + qVersion() +
               ". Build it for this Qt.";
    }
    s_postedDepth.store(resolve<ProbePostedDepthFunction>(module, ProbePostedDepthName),
                        std::memory_order_relaxed);
    s_postedQueue.store(resolve<ProbePostedQueueFunction>(module, ProbePostedQueueName),
                        std::memory_order_release);
    return {};
}

} // namespace

void *postedQueue()
{
    const ProbePostedQueueFunction queue = s_postedQueue.load(std::memory_order_acquire);
    return queue ? queue() : nullptr;
}

std::uint64_t postedDepth(void *queue)
{
    return s_postedDepth.load(std::memory_order_relaxed)(queue);
}

void tryDepthProbe()
{
    [[maybe_unused]] static const bool s_loaded = load().empty();
}

bool loadDepthProbe()
{
    if (!s_postedQueue.load(std::memory_order_acquire)) {
        const std::string problem = load();
        if (!problem.empty())
            qWarning("Flywheel: the depth probe %s", problem.c_str());
    }
    return s_postedQueue.load(std::memory_order_acquire) != nullptr;
}

} // namespace Flywheel
