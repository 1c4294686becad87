// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel::Monitor {

/// Before the application object of a program with a window: puts it on Flywheel, or where Flywheel hosts no
/// such program, lets it record the loop of Qt's own dispatcher, so that the monitor can be watched too.
void prepareWindowLoop();

} // namespace Flywheel::Monitor
