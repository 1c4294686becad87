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
    Unix,       ///< QEventDispatcherUNIX
    Glib,       ///< QEventDispatcherGlib
    Win32,      ///< QEventDispatcherWin32
    Epoll,      ///< Flywheel::EventDispatcher on epoll(7)
    Poll,       ///< Flywheel::EventDispatcher on poll(2)
    Iocp,       ///< Flywheel::EventDispatcher on a completion port
    GuiUnix,    ///< a QGuiApplication on the UNIX dispatcher of the offscreen platform
    HostedUnix, ///< the same with Flywheel hosted in it
    HostedGlib, ///< Flywheel hosted in QEventDispatcherGlib; to be compared with Glib
    Limit,      ///< the same work with bare system calls; few scenarios have it (RegisterLimit)
};

QString laneName(Lane lane);
/// Nothing if this system has no such lane.
std::optional<Lane> laneFromName(const QString &name);

/// Whether Flywheel's dispatcher runs it.
bool isOurs(Lane lane);

/// In the order of the table's columns.
std::vector<Lane> allLanes();

/// Those of console programs, without Limit.
std::vector<Lane> dispatcherLanes();

/// dispatcherLanes() and those that show what hosting costs.
std::vector<Lane> dispatcherAndHostingLanes();

/// The one with the poller that a program gets unless it asks for another.
Lane defaultLane();

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
