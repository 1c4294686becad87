// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

QT_BEGIN_NAMESPACE
class QSqlError;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// Returns sentences that say what went wrong with the recording \a path, and what to do.
QString explainSqlError(const QSqlError &error, const QString &path);

/// Returns a name for a database connection that no other connection has.
QString uniqueConnectionName();

} // namespace Flywheel::Monitor
