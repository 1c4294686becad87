// SPDX-License-Identifier: MIT
#include "windowloop.h"

#include <flywheel/install.h>

namespace Flywheel::Monitor {

void prepareWindowLoop()
{
    Flywheel::install();
}

} // namespace Flywheel::Monitor
