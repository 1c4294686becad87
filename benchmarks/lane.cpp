// SPDX-License-Identifier: MIT
#include "lane.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qprocess.h>
#include <QtCore/qthread.h>
#include <QtGui/qguiapplication.h>

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

constexpr std::array laneNames{
    std::pair{Lane::Unix, "unix"},
    std::pair{Lane::Glib, "glib"},
    std::pair{Lane::Epoll, "epoll"},
    std::pair{Lane::Poll, "poll"},
    std::pair{Lane::GuiUnix, "gui-unix"},
    std::pair{Lane::HostedUnix, "hosted-unix"},
    std::pair{Lane::HostedGlib, "hosted-glib"},
    std::pair{Lane::Limit, "limit"},
};

std::optional<Options> flywheelOptions(Lane lane)
{
    Options options;
    if (lane == Lane::Epoll || lane == Lane::HostedUnix || lane == Lane::HostedGlib)
        options.poller = Poller::Epoll;
    else if (lane == Lane::Poll)
        options.poller = Poller::Poll;
    else
        return std::nullopt;
    options.glib = lane == Lane::HostedGlib;
    options.metrics = false; // Qt's have none; what ours cost is measured by itself (bench_metrics.cpp)
    return options;
}

bool isGui(Lane lane)
{
    return lane == Lane::GuiUnix || lane == Lane::HostedUnix;
}

const char *stockDispatcher(Lane lane)
{
    if (lane == Lane::GuiUnix)
        return "QUnixEventDispatcherQPA";
    return lane == Lane::Glib ? "QEventDispatcherGlib" : "QEventDispatcherUNIX";
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
    return {Lane::Unix, Lane::Glib, Lane::Epoll, Lane::Poll};
}

std::vector<Lane> consoleLanes()
{
    auto lanes = dispatcherLanes();
    lanes.push_back(Lane::Limit);
    return lanes;
}

std::vector<Lane> dispatcherAndHostingLanes()
{
    auto lanes = dispatcherLanes();
    lanes.insert(lanes.end(), {Lane::GuiUnix, Lane::HostedUnix, Lane::HostedGlib});
    return lanes;
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
    if (isGui(lane))
        return std::make_unique<QGuiApplication>(argc, argv);
    return std::make_unique<QCoreApplication>(argc, argv);
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
        const bool isHosted = lane == Lane::HostedUnix || lane == Lane::HostedGlib;
        return ours && ours->poller() == options->poller && (ours->mode() == Mode::Hosted) == isHosted;
    }
    const QLatin1StringView stock(QAbstractEventDispatcher::instance()->metaObject()->className());
    return stock == QLatin1StringView(stockDispatcher(lane));
}

} // namespace Flywheel::Bench
