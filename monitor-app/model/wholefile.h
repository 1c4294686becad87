// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

/// Writes all of \a bytes to \a path, or nothing: what was there then stays. Returns why it could not, for
/// people, with what to do; empty: done.
QString writeWhole(const QString &path, const QByteArray &bytes);

} // namespace Flywheel::Monitor
