// SPDX-License-Identifier: MIT
#include "lane.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qprocess.h>
#include <QtCore/qthread.h>

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

constexpr std::array laneNames{
    std::pair{Lane::Unix, "unix"}, std::pair{Lane::Glib, "glib"},   std::pair{Lane::Epoll, "epoll"},
    std::pair{Lane::Poll, "poll"}, std::pair{Lane::Limit, "limit"},
};

std::optional<Options> flywheelOptions(Lane lane)
{
    Options options;
    if (lane == Lane::Epoll)
        options.poller = Poller::Epoll;
    else if (lane == Lane::Poll)
        options.poller = Poller::Poll;
    else
        return std::nullopt;
    return options;
}

} // namespace

QString laneName(Lane lane)
{
    for (const auto &[value, name] : laneNames) {
        if (value == lane)
            return QString::fromLatin1(name);
    }
    Q_UNREACHABLE();
}

std::optional<Lane> laneFromName(const QString &name)
{
    for (const auto &[value, known] : laneNames) {
        if (name == QLatin1StringView(known))
            return value;
    }
    return std::nullopt;
}

std::vector<Lane> allLanes()
{
    std::vector<Lane> lanes;
    for (const auto &[lane, name] : laneNames)
        lanes.push_back(lane);
    return lanes;
}

std::vector<Lane> dispatcherLanes()
{
    auto lanes = allLanes();
    std::erase(lanes, Lane::Limit);
    return lanes;
}

void prepareEnvironment(Lane lane, QProcessEnvironment &environment)
{
    environment.remove(u"FLYWHEEL_POLLER"_s);
    if (lane == Lane::Glib)
        environment.remove(u"QT_NO_GLIB"_s);
    else
        environment.insert(u"QT_NO_GLIB"_s, u"1"_s);
}

void installForApplication(Lane lane)
{
    if (const auto options = flywheelOptions(lane))
        install(*options);
}

void installForThread(Lane lane, QThread &thread)
{
    if (const auto options = flywheelOptions(lane))
        install(thread, *options);
}

bool isRunning(Lane lane)
{
    if (const auto options = flywheelOptions(lane)) {
        const EventDispatcher *ours = EventDispatcher::of();
        return ours && ours->poller() == options->poller;
    }
    const QLatin1StringView stock(QAbstractEventDispatcher::instance()->metaObject()->className());
    return stock == (lane == Lane::Glib ? "QEventDispatcherGlib"_L1 : "QEventDispatcherUNIX"_L1);
}

} // namespace Flywheel::Bench
