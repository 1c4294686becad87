// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

#include <optional>

namespace Flywheel::Bench {

/// As the processor calls itself; empty if that can't be told.
QString cpuModel();

/// Name and version; under Wine, whose figures are not Windows', that too.
QString kernel();

/// How many programs want a processor, averaged over the last minute. Nothing where that is not counted.
std::optional<double> loadAverage();

} // namespace Flywheel::Bench
