// SPDX-License-Identifier: MIT
#include "lanetable.h"

#include <QtGui/qguiapplication.h>

#include <array>

namespace Flywheel::Bench {

namespace {

constexpr std::array table{
    LaneTraits{.lane = Lane::Unix, .name = "unix", .stockDispatcher = "QEventDispatcherUNIX"},
    LaneTraits{.lane = Lane::Glib, .name = "glib", .stockDispatcher = "QEventDispatcherGlib"},
    LaneTraits{.lane = Lane::Epoll, .name = "epoll", .poller = Poller::Epoll},
    LaneTraits{.lane = Lane::Poll, .name = "poll", .poller = Poller::Poll},
    LaneTraits{.lane = Lane::GuiUnix,
               .name = "gui-unix",
               .stockDispatcher = "QUnixEventDispatcherQPA",
               .showsHosting = true,
               .makeApplication = make<QGuiApplication>},
    LaneTraits{.lane = Lane::HostedUnix,
               .name = "hosted-unix",
               .poller = Poller::Epoll,
               .isHosted = true,
               .showsHosting = true,
               .makeApplication = make<QGuiApplication>},
    LaneTraits{.lane = Lane::HostedGlib,
               .name = "hosted-glib",
               .poller = Poller::Epoll,
               .isHosted = true,
               .glib = true,
               .showsHosting = true},
    LaneTraits{.lane = Lane::Limit, .name = "limit"},
};

} // namespace

std::span<const LaneTraits> laneTable()
{
    return table;
}

} // namespace Flywheel::Bench
