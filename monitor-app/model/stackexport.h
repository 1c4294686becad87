// SPDX-License-Identifier: MIT
#pragma once

#include "stacktimes.h"

#include <QtCore/qbytearray.h>

namespace Flywheel::Monitor {

class CodeNames;

/// Returns stacks as flamegraph.pl, speedscope and others read them: "main;QEventLoop::exec();work() 12000"
/// for each, the loop first, with the microseconds that it is taken to have lasted. \a loops: those that \a
/// times are of. Waits until all calls have their names.
QByteArray foldedStacks(const StackTimes &times, const QList<Loop *> &loops, CodeNames &names);
/// Returns stacks as a file of speedscope.app (https://www.speedscope.app/file-format-schema.json): one
/// sampled profile for each loop, in the order of time. As foldedStacks().
QByteArray speedscopeFile(const StackTimes &times, const QList<Loop *> &loops, CodeNames &names);

} // namespace Flywheel::Monitor
