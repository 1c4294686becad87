// SPDX-License-Identifier: MIT
// What libflywheel looks up by name (stackloader.cpp).
#include "stacks/stackreader.h"

extern "C" __attribute__((visibility("default"))) Flywheel::StackUnwinder *flywheelMakeStackUnwinder()
{
    return Flywheel::makeStackUnwinder().release();
}

extern "C" __attribute__((visibility("default"))) Flywheel::CodeNamer *flywheelMakeCodeNamer()
{
    return Flywheel::makeCodeNamer().release();
}
