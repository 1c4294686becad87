// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qvariant.h>

namespace Flywheel::Monitor {

/// \a title of the column that a table is sorted by, with room for the arrow, which the style paints at the
/// section's right end. \a alignment: the title's; only one on the right is in the arrow's way.
QString besideSortArrow(const QString &title, const QVariant &alignment);

} // namespace Flywheel::Monitor
