// SPDX-License-Identifier: MIT
#include "lanetable.h"

#include <QtGui/qguiapplication.h>

#include <array>

namespace Flywheel::Bench {

namespace {

// The window system's dispatchers are subclasses of these two.
constexpr char unixDispatcher[] = "QEventDispatcherUNIX";
constexpr char glibDispatcher[] = "QEventDispatcherGlib";

using Ours = std::optional<Options>;

constexpr LaneTraits console(Lane lane, const char *name, const Options &options)
{
    const Poller poller = options.poller == Poller::Auto ? Poller::Epoll : options.poller;
    return {.lane = lane, .name = name, .options = options, .poller = poller};
}

constexpr LaneTraits stock(Lane lane, const char *name, const char *dispatcher)
{
    return {.lane = lane,
            .name = name,
            .stockDispatcher = dispatcher,
            .options = {},
            .glib = dispatcher == glibDispatcher};
}

constexpr LaneTraits gui(Lane lane, const char *name, const char *dispatcher, const Ours &options)
{
    LaneTraits traits = stock(lane, name, dispatcher);
    traits.use = LaneUse::Gui;
    traits.options = options;
    traits.poller = Poller::Epoll;
    traits.makeApplication = make<QGuiApplication>;
    return traits;
}

constexpr LaneTraits only(LaneUse use, LaneTraits traits)
{
    traits.use = use;
    return traits;
}

constexpr std::array table{
    console(Lane::Flywheel, "flywheel", Options{}),
    console(Lane::NoMetrics, "no-metrics", withoutMetrics()),
    stock(Lane::Unix, "unix", unixDispatcher),
    stock(Lane::Glib, "glib", glibDispatcher),
    only(LaneUse::ManyDescriptors, console(Lane::Poll, "poll", withoutMetrics(Poller::Poll))),
    gui(Lane::HostedUnix, "hosted-unix", unixDispatcher, Options{}),
    gui(Lane::HostedUnixNoMetrics, "hosted-unix-no-metrics", unixDispatcher, withoutMetrics()),
    gui(Lane::GuiUnix, "gui-unix", unixDispatcher, {}),
    gui(Lane::HostedGlib, "hosted-glib", glibDispatcher, Options{}),
    gui(Lane::HostedGlibNoMetrics, "hosted-glib-no-metrics", glibDispatcher, withoutMetrics()),
    gui(Lane::GuiGlib, "gui-glib", glibDispatcher, {}),
    only(LaneUse::Limit, stock(Lane::Limit, "limit", nullptr)),
};

} // namespace

std::span<const LaneTraits> laneTable()
{
    return table;
}

} // namespace Flywheel::Bench
