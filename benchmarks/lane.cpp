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
    return traitsOf(lane).options.has_value();
}

std::vector<Lane> allLanes()
{
    return lanesIf([](const LaneTraits &) { return true; });
}

std::vector<Lane> consoleLanes()
{
    return lanesIf([](const LaneTraits &traits) { return traits.use == LaneUse::Console; });
}

std::vector<Lane> pollerLanes()
{
    return lanesIf([](const LaneTraits &traits) {
        return traits.use == LaneUse::Console || traits.use == LaneUse::ManyDescriptors;
    });
}

std::vector<Lane> guiLanes()
{
    return lanesIf([](const LaneTraits &traits) { return traits.use == LaneUse::Gui; });
}

void prepareEnvironment(Lane lane, QProcessEnvironment &environment)
{
    environment.remove(u"FLYWHEEL_POLLER"_s);
    if (traitsOf(lane).glib)
        environment.remove(u"QT_NO_GLIB"_s);
    else
        environment.insert(u"QT_NO_GLIB"_s, u"1"_s);
}

std::unique_ptr<QCoreApplication> makeApplication(Lane lane, int &argc, char **argv)
{
    if (const auto &options = traitsOf(lane).options)
        install(*options);
    return traitsOf(lane).makeApplication(argc, argv);
}

void installForThread(Lane lane, QThread &thread)
{
    if (const auto &options = traitsOf(lane).options)
        install(thread, *options);
}

bool isRunning(Lane lane)
{
    const LaneTraits &traits = traitsOf(lane);
    const EventDispatcher *ours = EventDispatcher::of();
    if ((ours != nullptr) != isOurs(lane))
        return false;
    if (ours &&
        (ours->poller() != traits.poller || (ours->mode() == Mode::Hosted) != (traits.use == LaneUse::Gui)))
        return false;
    // A hosted dispatcher inherits, by name, the one that hosts it.
    return !traits.stockDispatcher || QAbstractEventDispatcher::instance()->inherits(traits.stockDispatcher);
}

} // namespace Flywheel::Bench
