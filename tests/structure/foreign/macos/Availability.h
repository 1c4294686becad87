// SPDX-License-Identifier: MIT
// As much of macOS's header as Qt's headers ask for.
#pragma once

#include <AvailabilityMacros.h>
