// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <memory>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QCoreApplication;
class QProcessEnvironment;
class QThread;
QT_END_NAMESPACE

namespace Flywheel::Bench {

/// On what a scenario runs. A process has one lane, chosen before its application object exists. Each system
/// has some of them (lanetable.h).
enum class Lane {
    Flywheel,            ///< Flywheel with the default options: what its users get
    NoMetrics,           ///< the same without metrics
    Unix,                ///< QEventDispatcherUNIX
    Glib,                ///< QEventDispatcherGlib
    Win32,               ///< QEventDispatcherWin32
    Poll,                ///< Flywheel on poll(2), without metrics
    HostedUnix,          ///< Flywheel with the default options in a program with a GUI, QT_NO_GLIB=1
    HostedUnixNoMetrics, ///< the same without metrics
    GuiUnix,             ///< Qt's dispatcher in that program
    HostedGlib,          ///< Flywheel with the default options in a program with a GUI, on GLib
    HostedGlibNoMetrics, ///< the same without metrics
    GuiGlib,             ///< Qt's dispatcher in that program
    Limit,               ///< the same work with bare system calls; few scenarios have it (RegisterLimit)
};

/// Which scenarios have a lane.
enum class LaneUse {
    Console,         ///< those without a GUI
    ManyDescriptors, ///< those without a GUI whose cost depends on the poller
    Gui,             ///< those of programs with a GUI
    Limit,           ///< those that RegisterLimit names
};

QString laneName(Lane lane);
/// Nothing if this system has no such lane.
std::optional<Lane> laneFromName(const QString &name);

/// Whether Flywheel runs it.
bool isOurs(Lane lane);

/// In the order of the table's columns.
std::vector<Lane> allLanes();

/// For scenarios of console programs.
std::vector<Lane> consoleLanes();

/// consoleLanes() and the other pollers.
std::vector<Lane> pollerLanes();

/// For scenarios of programs with a GUI. None where Flywheel is not hosted.
std::vector<Lane> guiLanes();

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
