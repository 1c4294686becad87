// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/config.h>

#include <chrono>

namespace Flywheel {

/// The kernel interface that a loop waits in.
enum class Poller {
    Auto,   ///< FLYWHEEL_POLLER if it is set, otherwise the best one of the platform
    Epoll,  ///< epoll(7), Linux: cost independent of the number of idle descriptors
    Kqueue, ///< kqueue(2), macOS and the BSDs: likewise
    Iocp,   ///< an I/O completion port, Windows: cost independent of the number of idle sockets
    Poll,   ///< poll(2), every Unix: cost grows with the number of descriptors
};

/// Who waits for events.
enum class Mode {
    Auto,     ///< Hosted in a QGuiApplication or with Options::glib, Owner otherwise
    Owner,    ///< the loop waits in its own poller
    Hosted,   ///< another dispatcher waits, the window system's or GLib's, and watches the loop's poller
    Observed, ///< the loop is another dispatcher's and is only recorded: observe(). Not for Options::mode
};

/// As FLYWHEEL_POLLER names them: "epoll", "kqueue", "iocp", "poll", "auto". Any thread; static.
FLYWHEEL_EXPORT const char *pollerName(Poller poller);
/// "auto", "owner", "hosted", "observed". Any thread; static.
FLYWHEEL_EXPORT const char *modeName(Mode mode);

/// How a dispatcher is set up. Plain data: copy it, change it, pass it to install() or EventDispatcher.
struct Options
{
    /// Explicit values win over the environment variable FLYWHEEL_POLLER (pollerName()). An unknown or
    /// unavailable poller is reported by a warning and Auto's default is used.
    Poller poller = Poller::Auto;

    /// GUI applications are always hosted: no loop of its own could serve the window system (docs/modes.md).
    /// Elsewhere Hosted needs glib. What can't be had is reported by a warning, and Auto's choice is taken.
    Mode mode = Mode::Auto;

    /// For console programs and threads that use GLib event sources (GIO, GStreamer's bus watches): be hosted
    /// by Qt's GLib dispatcher. Needs libflywheelglib. GUI programs don't need it: QT_NO_GLIB decides there,
    /// as without Flywheel.
    bool glib = false;

    /// Whether the timers of QObjects are clamped like setTimeout() and setInterval(): one started in a
    /// timer's handler is a level deeper than that timer, and past level 5 an interval under 4 ms becomes 4
    /// ms. Off by default: Qt's zero timers mean "when idle".
    bool clampNestedTimers = false;
    /// Whether the loop records metrics from the start; see EventDispatcher::setMetricsEnabled().
    bool metrics = true;
    /// A handler or pass that takes longer is listed as a stall.
    std::chrono::nanoseconds stallThreshold = std::chrono::milliseconds(50);
};

} // namespace Flywheel
