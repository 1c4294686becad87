// SPDX-License-Identifier: MIT
#pragma once

#include "lane.h"

#include <flywheel/options.h>

#include <QtCore/qcoreapplication.h>

#include <span>

namespace Flywheel::Bench {

template <typename Application>
std::unique_ptr<QCoreApplication> make(int &argc, char **argv)
{
    return std::make_unique<Application>(argc, argv);
}

/// What a lane is made of.
struct LaneTraits
{
    Lane lane;
    const char *name;
    LaneUse use = LaneUse::Console;
    const char *stockDispatcher =
        nullptr;                    ///< the class that runs the loop, or hosts it, if it is one of Qt's
    std::optional<Options> options; ///< if it is Flywheel's
    Poller poller = Poller::Auto;   ///< which one these options must lead to
    bool glib = false;              ///< Qt may use GLib
    std::unique_ptr<QCoreApplication> (*makeApplication)(int &argc, char **argv) = make<QCoreApplication>;
};

constexpr Options withoutMetrics(Poller poller = Poller::Auto)
{
    Options options;
    options.poller = poller;
    options.metrics = false;
    return options;
}

/// The lanes of this system, in the order of the table's columns: the default first, Qt's after ours.
std::span<const LaneTraits> laneTable();

} // namespace Flywheel::Bench
