// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

/// The view as pictures; what is behind it is written by model/dataexport.h.
namespace Flywheel::Monitor {

/// As PNG, or as SVG if the name ends so: all or nothing. Returns why it could not, for people, with what to
/// do; empty: done.
QString exportPicture(QWidget &widget, const QString &path);

/// Asks where to export to; the name's ending follows the kind of file that is chosen. \a base: a path
/// without an ending, to begin with. Empty: nowhere.
QString askWhereToExport(QWidget *window, const QString &base);

} // namespace Flywheel::Monitor
