// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Session;

/// The space for a text.
struct TextLayout
{
    int columns = 80; ///< at least 40
    int rows = 0;     ///< 0: as many as it takes
    bool all = false; ///< all loops, stalls and findings, whatever the room
};

/// Returns what `flywheel-monitor --text` prints: a verdict, one row for each loop, the latest stalls, the
/// findings. In each part the worst comes first, and a line counts what does not fit.
QString textView(const Session &session, const TextLayout &layout = {});

} // namespace Flywheel::Monitor
