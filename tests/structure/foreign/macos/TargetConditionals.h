// SPDX-License-Identifier: MIT
// As much of macOS's header as Qt's headers ask for.
#pragma once

#define TARGET_OS_MAC 1
#define TARGET_OS_OSX 1
#define TARGET_OS_IPHONE 0
