// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

QT_BEGIN_NAMESPACE
class QSqlError;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// What went wrong with the recording \a path, and what can be done, as sentences.
QString explainSqlError(const QSqlError &error, const QString &path);

/// A name for a database connection that no other one has.
QString uniqueConnectionName();

} // namespace Flywheel::Monitor
