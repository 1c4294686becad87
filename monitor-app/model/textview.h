// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Session;

/// The room that there is for a text.
struct TextLayout
{
    int columns = 80; ///< at least 40
    int rows = 0;     ///< 0: as many as it takes
    bool all = false; ///< all loops, stalls and findings, whatever the room
};

/// What `flywheel-monitor --text` prints: a verdict, a row a loop, the latest stalls, the findings; in each
/// of them the worst first. What does not fit is counted.
QString textView(const Session &session, const TextLayout &layout = {});

} // namespace Flywheel::Monitor
