// SPDX-License-Identifier: MIT
#pragma once

#include "model/session.h"

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

/// What to say about a session where there is no loop to show.
struct SessionMessage
{
    QString title;
    QString text;
    bool offersDemo = false;
};

/// \a current: the program that is chosen in the list; null: none.
SessionMessage messageOf(const Session &session, const Process *current);
/// One line for above the charts of a loop whose process is not well connected; empty if all is well.
QString warningOf(const Process &process);

} // namespace Flywheel::Monitor
