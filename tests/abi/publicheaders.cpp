// SPDX-License-Identifier: MIT
// Compiled for its debugging information: the layout of each public type.
#include <flywheel/eventdispatcher.h> // IWYU pragma: keep
#include <flywheel/histogram.h>       // IWYU pragma: keep
#include <flywheel/inlinetask.h>      // IWYU pragma: keep
#include <flywheel/install.h>         // IWYU pragma: keep
#include <flywheel/metrics.h>         // IWYU pragma: keep
#include <flywheel/options.h>         // IWYU pragma: keep
#include <flywheel/stacks.h>          // IWYU pragma: keep
#include <flywheel/tasks.h>           // IWYU pragma: keep
#include <flywheel/telemetry.h>       // IWYU pragma: keep
