// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Session;

/// What `--text` prints: one row a loop with the figures of the last five seconds, the latest stalls below,
/// and what is worth a look. At most 100 columns, plain text, ends with a newline.
QString textView(const Session &session);

} // namespace Flywheel::Monitor
