// SPDX-License-Identifier: MIT
// Loaded and unloaded all the time.

extern "C" __attribute__((visibility("default"))) int flywheelLoadedModule(int number)
{
    return number + 1;
}
