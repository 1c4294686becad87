// SPDX-License-Identifier: MIT
// As much of macOS's header as Qt's headers ask for.
#pragma once

#define MAC_OS_X_VERSION_MIN_REQUIRED 110000
#define MAC_OS_X_VERSION_MAX_ALLOWED 110000
#define __MAC_OS_X_VERSION_MIN_REQUIRED 110000
#define __MAC_OS_X_VERSION_MAX_ALLOWED 110000
