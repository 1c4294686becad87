// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <memory>
#include <optional>
#include <vector>

class QCoreApplication;
class QProcessEnvironment;
class QThread;

namespace Flywheel::Bench {

/// On what a scenario runs. A process has one lane, chosen before its application object exists.
enum class Lane {
    Unix,       ///< QEventDispatcherUNIX
    Glib,       ///< QEventDispatcherGlib
    Epoll,      ///< Flywheel::EventDispatcher on epoll(7)
    Poll,       ///< Flywheel::EventDispatcher on poll(2)
    GuiUnix,    ///< a QGuiApplication on the UNIX dispatcher of the offscreen platform
    HostedUnix, ///< the same with Flywheel hosted in it
    HostedGlib, ///< Flywheel hosted in QEventDispatcherGlib; to be compared with Glib
    Limit,      ///< the same work with bare system calls; few scenarios have it
};

QString laneName(Lane lane);
std::optional<Lane> laneFromName(const QString &name);

/// In the order of the table's columns.
std::vector<Lane> allLanes();

/// Those of console programs, without Limit.
std::vector<Lane> dispatcherLanes();

/// dispatcherLanes() and Limit.
std::vector<Lane> consoleLanes();

/// dispatcherLanes() and the three that show what hosting costs.
std::vector<Lane> dispatcherAndHostingLanes();

/// \a environment changed so that a process started with it can run \a lane: Qt chooses between UNIX and GLib
/// when its first dispatcher is created.
void prepareEnvironment(Lane lane, QProcessEnvironment &environment);

/// The application object, on the dispatcher of \a lane.
std::unique_ptr<QCoreApplication> makeApplication(Lane lane, int &argc, char **argv);

/// To be called before \a thread is started.
void installForThread(Lane lane, QThread &thread);

/// True if the calling thread's loop is run by the dispatcher that \a lane stands for: a Qt without GLib, for
/// example, answers false for Glib.
bool isRunning(Lane lane);

} // namespace Flywheel::Bench
