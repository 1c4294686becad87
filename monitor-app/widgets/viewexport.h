// SPDX-License-Identifier: MIT
#pragma once

#include "model/loop.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

/// The view as files. Each function writes all or nothing and returns why it could not, for people, with what
/// to do; empty: done.
namespace Flywheel::Monitor {

/// As PNG, or as SVG if the name ends so.
QString exportPicture(QWidget &widget, const QString &path);
/// The samples of \a loops within \a span, one a line, units in the header.
QString exportCsv(const QList<Loop *> &loops, TimeSpan span, const QString &path);

/// Ending by ending: what a file dialog offers.
QString exportFilters();

} // namespace Flywheel::Monitor
