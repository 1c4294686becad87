// SPDX-License-Identifier: MIT
#pragma once

#include "journal/recordedprocess.h"
#include "timespan.h"

#include <QtCore/qstring.h>

#include <optional>

/// Programs of this user that died without removing their journals. On Windows there are none.
namespace Flywheel::Monitor {

/// Returns the one that recorded something last of those that \a pidOrName means: a process id or a program's
/// name, in upper or lower case; empty: any. \a problem says in one line why there is none.
std::optional<RecordedProcess> findCrash(const QString &pidOrName, QString &problem);

/// Returns the name of the program.
QString programOf(const RecordedProcess &process);
/// Returns as sentences when the program died and what ran then.
QString epitaphOf(const RecordedProcess &process);
/// Returns the first loop in which a handler ran, or else the first one; null if there is none.
const JournalContents *loopToBlame(const RecordedProcess &process);

} // namespace Flywheel::Monitor
