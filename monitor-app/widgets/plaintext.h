// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

/// \a text for a tooltip. Tooltips take what looks like HTML for rich text, and names of programs, threads
/// and objects may look so: that is escaped.
QString plainToolTip(const QString &text);

} // namespace Flywheel::Monitor
