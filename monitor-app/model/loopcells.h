// SPDX-License-Identifier: MIT
#pragma once

#include "loopsmodel.h"

/// The contents of LoopsModel's cells, by column and role.
namespace Flywheel::Monitor {

QVariant processCell(Process &process, int column, int role);
QVariant loopCell(Loop &loop, int column, int role);
QVariant columnAlignment(int column);
QVariant columnHeader(int column, int role);

} // namespace Flywheel::Monitor
