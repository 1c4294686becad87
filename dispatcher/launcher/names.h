// SPDX-License-Identifier: MIT
#pragma once

/// What flywheel-run, the shim and the implementation library call each other. Includes nothing: the shim is
/// loaded into programs of every kind.
namespace Flywheel::Preload {

inline constexpr char shimFile[] = "libflywheel-preload.so";
/// In the directory of the shim.
inline constexpr char implementationFile[] = "libflywheel-preload-impl.so";

/// In the same directory.
inline constexpr char attachmentFile[] = "libflywheel-attach.so";

inline constexpr char preloadVariable[] = "LD_PRELOAD";
inline constexpr char pollerVariable[] = "FLYWHEEL_POLLER";
inline constexpr char glibVariable[] = "FLYWHEEL_GLIB";
inline constexpr char observeVariable[] = "FLYWHEEL_OBSERVE";
inline constexpr char statsVariable[] = "FLYWHEEL_STATS";
inline constexpr char metricsVariable[] = "FLYWHEEL_METRICS";
inline constexpr char telemetryVariable[] = "FLYWHEEL_TELEMETRY";
inline constexpr char childrenVariable[] = "FLYWHEEL_CHILDREN";
inline constexpr char verboseVariable[] = "FLYWHEEL_VERBOSE";

/// Entry points of the implementation library: `extern "C"`, looked up by name.
/// `void f(bool isGui)`: an application object is about to be constructed in the calling thread.
inline constexpr char prepareApplication[] = "flywheelPrepareApplication";
/// `void f(QThread *)`: the thread is about to be started.
inline constexpr char prepareThread[] = "flywheelPrepareThread";

} // namespace Flywheel::Preload
