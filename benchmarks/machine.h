// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qjsonobject.h>

namespace Flywheel::Bench {

/// What one must know of the machine and the build to judge the figures.
QJsonObject machineContext();

} // namespace Flywheel::Bench
