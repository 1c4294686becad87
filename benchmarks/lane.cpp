// SPDX-License-Identifier: MIT
#include "lane.h"

#include "lanetable.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qprocess.h>
#include <QtCore/qthread.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

const LaneTraits &traitsOf(Lane lane)
{
    const auto table = laneTable();
    const auto found = std::ranges::find(table, lane, &LaneTraits::lane);
    Q_ASSERT(found != table.end());
    return *found;
}

template <typename Predicate>
std::vector<Lane> lanesIf(Predicate isWanted)
{
    std::vector<Lane> lanes;
    for (const LaneTraits &traits : laneTable()) {
        if (isWanted(traits))
            lanes.push_back(traits.lane);
    }
    return lanes;
}

std::optional<Options> flywheelOptions(Lane lane)
{
    if (!isOurs(lane))
        return std::nullopt;
    Options options;
    options.poller = traitsOf(lane).poller;
    options.glib = traitsOf(lane).glib;
    options.metrics = false; // Qt's have none; what ours cost is measured by itself (bench_metrics.cpp)
    return options;
}

} // namespace

QString laneName(Lane lane)
{
    return QString::fromLatin1(traitsOf(lane).name);
}

std::optional<Lane> laneFromName(const QString &name)
{
    for (const LaneTraits &traits : laneTable()) {
        if (name == QLatin1StringView(traits.name))
            return traits.lane;
    }
    return std::nullopt;
}

bool isOurs(Lane lane)
{
    return traitsOf(lane).poller != Poller::Auto;
}

std::vector<Lane> allLanes()
{
    return lanesIf([](const LaneTraits &) { return true; });
}

std::vector<Lane> dispatcherLanes()
{
    return lanesIf(
        [](const LaneTraits &traits) { return traits.lane != Lane::Limit && !traits.showsHosting; });
}

std::vector<Lane> dispatcherAndHostingLanes()
{
    return lanesIf([](const LaneTraits &traits) { return traits.lane != Lane::Limit; });
}

Lane defaultLane()
{
    return lanesIf([](const LaneTraits &traits) { return isOurs(traits.lane); }).front();
}

void prepareEnvironment(Lane lane, QProcessEnvironment &environment)
{
    environment.remove(u"FLYWHEEL_POLLER"_s);
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    if (lane == Lane::Glib)
        environment.remove(u"QT_NO_GLIB"_s);
    else
        environment.insert(u"QT_NO_GLIB"_s, u"1"_s);
}

std::unique_ptr<QCoreApplication> makeApplication(Lane lane, int &argc, char **argv)
{
    if (const auto options = flywheelOptions(lane))
        install(*options);
    return traitsOf(lane).makeApplication(argc, argv);
}

void installForThread(Lane lane, QThread &thread)
{
    if (const auto options = flywheelOptions(lane))
        install(thread, *options);
}

bool isRunning(Lane lane)
{
    const LaneTraits &traits = traitsOf(lane);
    if (isOurs(lane)) {
        const EventDispatcher *ours = EventDispatcher::of();
        return ours && ours->poller() == traits.poller && (ours->mode() == Mode::Hosted) == traits.isHosted;
    }
    if (!traits.stockDispatcher)
        return true; // bare system calls can be had everywhere
    const QLatin1StringView running(QAbstractEventDispatcher::instance()->metaObject()->className());
    return running == QLatin1StringView(traits.stockDispatcher);
}

} // namespace Flywheel::Bench
