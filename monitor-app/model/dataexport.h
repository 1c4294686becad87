// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"

#include <QtCore/qlist.h>

namespace Flywheel::Monitor {

class CodeNames;

/// True if a file of that name is no picture: .csv, .folded, .speedscope.json.
bool isDataFile(const QString &path);

/// Writes what the ending of \a path asks for, about \a loops within \a span: all or nothing. Returns why it
/// could not, for people, with what to do; empty: done.
///
/// | `.stalls.csv`, `.timers.csv`, `.receivers.csv` | these tables |
/// | any other `.csv` | the samples of the charts |
/// | `.folded` | foldedStacks() |
/// | `.speedscope.json` | speedscopeFile() |
QString exportData(const QList<Loop *> &loops, TimeSpan span, const QString &path, CodeNames &names);

} // namespace Flywheel::Monitor
