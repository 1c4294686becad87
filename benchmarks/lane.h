// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <optional>
#include <vector>

class QProcessEnvironment;
class QThread;

namespace Flywheel::Bench {

/// On what a scenario runs. A process has one lane, chosen before its application object exists.
enum class Lane {
    Unix,  ///< QEventDispatcherUNIX
    Glib,  ///< QEventDispatcherGlib
    Epoll, ///< Flywheel::EventDispatcher on epoll(7)
    Poll,  ///< Flywheel::EventDispatcher on poll(2)
    Limit, ///< the same work with bare system calls; few scenarios have it
};

QString laneName(Lane lane);
std::optional<Lane> laneFromName(const QString &name);

/// In the order of the table's columns.
std::vector<Lane> allLanes();

/// All lanes but Limit.
std::vector<Lane> dispatcherLanes();

/// \a environment changed so that a process started with it can run \a lane: Qt chooses between UNIX and GLib
/// when its first dispatcher is created.
void prepareEnvironment(Lane lane, QProcessEnvironment &environment);

/// To be called before the application object is constructed.
void installForApplication(Lane lane);

/// To be called before \a thread is started.
void installForThread(Lane lane, QThread &thread);

/// True if the calling thread's loop is run by the dispatcher that \a lane stands for: a Qt without GLib, for
/// example, answers false for Glib.
bool isRunning(Lane lane);

} // namespace Flywheel::Bench
