// SPDX-License-Identifier: MIT
#pragma once

#include "scenario.h"

#include <QtCore/qregularexpression.h>

#include <functional>

namespace Flywheel::Bench {

/// What to run, from the command line.
struct Plan
{
    QRegularExpression filter; ///< of scenario names
    std::vector<Lane> lanes;
    int repetitions = 5;
    std::chrono::milliseconds budget{200};
    bool firstSizesOnly = false;
    bool systemCalls = true;
    bool instructions = false;
};

/// The samples of one scenario, size and lane.
struct Row
{
    QString scenario;
    int size = 0;
    Lane lane{};
    QMap<QString, std::vector<double>> samples;
    bool isDone = false; ///< it failed, or took so long that once is enough
};

/// The rows of one scenario and size, lane by lane.
using Group = std::vector<Row>;

/// Runs what \a plan says and hands over each group when it is complete. The lanes take turns, so that a
/// change of the machine's mood hits all of them. Returns false if any measurement failed; the reason went to
/// stderr.
bool run(const Plan &plan, const std::function<void(const Group &)> &done);

} // namespace Flywheel::Bench
