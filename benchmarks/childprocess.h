// SPDX-License-Identifier: MIT
#pragma once

#include "scenario.h"

#include <QtCore/qstringlist.h>

namespace Flywheel::Bench {

/// What became of a child: its measurements, or why there are none.
struct ChildResult
{
    std::optional<Measurements> measurements;
    QString error; ///< empty if there are measurements, or if the lane is missing in this Qt
    bool laneMissing = false;
};

/// Runs one measurement in a process of its own, behind the command \a wrapper (strace, valgrind) if there is
/// one.
ChildResult measureInChild(const Scenario &scenario, const Setting &setting, const QStringList &wrapper = {});

} // namespace Flywheel::Bench
