// SPDX-License-Identifier: MIT
#include "notifyfunction.h"

#include <dlfcn.h>

namespace Flywheel {

NotifyFunction notifyFunction()
{
    static const auto s_notify = reinterpret_cast<NotifyFunction>(
        ::dlsym(RTLD_DEFAULT, "_ZN16QCoreApplication15notifyInternal2EP7QObjectP6QEvent"));
    return s_notify;
}

} // namespace Flywheel
