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
    const char *stockDispatcher = nullptr; ///< the class, if it is one of Qt's
    Poller poller = Poller::Auto;          ///< if it is Flywheel's
    bool isHosted = false;
    bool glib = false;
    bool showsHosting = false; ///< in the tables about hosting only
    std::unique_ptr<QCoreApplication> (*makeApplication)(int &argc, char **argv) = make<QCoreApplication>;
};

/// The lanes of this system, in the order of the table's columns; of ours the default one first.
std::span<const LaneTraits> laneTable();

} // namespace Flywheel::Bench
