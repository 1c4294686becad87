// SPDX-License-Identifier: MIT
#pragma once

#include "runner.h"

#include <QtCore/qjsonobject.h>

namespace Flywheel::Bench {

/// The lines of the table for people: one for each measurement, a column for each lane.
QString tableLines(const Group &group);

/// The file's content; benchmarks/compare.py reads it.
QJsonObject report(const QJsonObject &context, const Plan &plan, const std::vector<Group> &groups);

} // namespace Flywheel::Bench
