// SPDX-License-Identifier: MIT
#pragma once

#include "handlerlog.h"

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Loop;

/// Returns whose handler it was, with kind and id, as stallCulprit() does for stalls; never empty.
QString handlerCulprit(const NamedHandler &handler);
/// Returns the same in as few words as distinguish it from others: the receiver, or else kind and id.
QString handlerBlame(const NamedHandler &handler);
/// Returns one line: who, when, how long, how late. \a wallOffset: from the handler's clock to the epoch's.
QString handlerLine(const NamedHandler &handler, Duration wallOffset);
/// The stall of \a loop that the handler was, if there is one.
const Stall *stallOf(const Loop &loop, const LoggedHandler &handler);
/// Returns \a name without the namespaces of the class and, if it is still long, without its middle: for
/// where room is short.
QString shortBlame(QString name);

} // namespace Flywheel::Monitor
