// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/config.h>

#include <chrono>
#include <cstdint>

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

/// Settings of a dispatcher, for install() and EventDispatcher.
///
/// Later versions append fields to this and to Flywheel's other structs: initialise them with designated
/// initialisers or field by field. A program must run with the minor version that it was built for; until
/// 1.0 the interface of another one may differ, and the library's SONAME does (docs/decisions/0013).
struct Options
{
    /// Auto takes the poller that the environment variable FLYWHEEL_POLLER names (pollerName()), else the
    /// best one of the platform. A poller that is unknown or not available causes a warning, and the best one
    /// is used.
    Poller poller = Poller::Auto;

    /// GUI applications are always hosted, because only Qt's own dispatcher serves the window system
    /// (docs/modes.md). In other programs Hosted needs `glib`. A mode that is not possible causes a warning,
    /// and Auto's choice is used.
    Mode mode = Mode::Auto;

    /// Runs the loop inside Qt's GLib dispatcher, for console programs and threads that use GLib's event
    /// sources (GIO, GStreamer's bus watches). Needs libflywheelglib. GUI programs don't need it: there
    /// QT_NO_GLIB decides, as without Flywheel.
    bool glib = false;

    /// Clamps the timers of QObjects as setTimeout() clamps its own: a timer that is started in a timer's
    /// handler is one level deeper than that, and from level 6 on an interval under 4 ms becomes 4 ms. Off by
    /// default, because zero timers of Qt mean "when idle".
    bool clampNestedTimers = false;
    /// Records metrics from the start; see EventDispatcher::setMetricsEnabled(). The environment variable
    /// FLYWHEEL_METRICS, if it is 0 or 1, decides instead. docs/metrics.md says what recording costs.
    bool metrics = true;
    /// A handler or pass that serves nothing else for longer is listed as a stall.
    std::chrono::nanoseconds stallThreshold = std::chrono::milliseconds(50);
    /// How many handlers the flight recorder of the loop keeps, rounded up to a power of two from 1,024 to
    /// 1,048,576; each takes 24 bytes. 0: none are shown, and nothing is written to the runtime directory.
    /// See recentHandlers().
    std::uint32_t recentHandlers = 8192;
};

} // namespace Flywheel
