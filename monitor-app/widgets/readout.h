// SPDX-License-Identifier: MIT
#pragma once

#include "gappedline.h"

#include <QtCore/qstring.h>

/// The value of a curve at a moment, as text; a dash where there is none.
namespace Flywheel::Monitor {

QString durationAt(const Points &nanoseconds, Time time);
QString rateAt(const Points &perSecond, Time time);
QString shareAt(const Points &shares, Time time);
QString countAt(const Points &counts, Time time);

} // namespace Flywheel::Monitor
