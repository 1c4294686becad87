// SPDX-License-Identifier: MIT
#pragma once

#include "model/loop.h"

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

/// Thresholds as they are remembered: by the names of program and loop, so that they hold for its next run
/// too.
class ThresholdStore
{
public:
    /// Those of the loop, or those for all loops, or the built-in ones.
    static Thresholds of(const Loop &loop);
    static void set(const Loop &loop, const Thresholds &thresholds);
    static void setForAll(const Thresholds &thresholds);
    /// What to run when a loop becomes unwell; empty: nothing.
    static QString command();
    static void setCommand(const QString &command);
};

} // namespace Flywheel::Monitor
