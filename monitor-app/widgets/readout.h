// SPDX-License-Identifier: MIT
#pragma once

#include "gappedline.h"

#include <QtCore/qstring.h>

/// The value of a curve at a moment, as text; a dash where there is none within \a reach.
namespace Flywheel::Monitor {

QString durationAt(const Points &nanoseconds, Time time, Duration reach);
QString rateAt(const Points &perSecond, Time time, Duration reach);
QString shareAt(const Points &shares, Time time, Duration reach);
QString countAt(const Points &counts, Time time, Duration reach);

} // namespace Flywheel::Monitor
