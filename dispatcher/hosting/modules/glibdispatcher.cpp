// SPDX-License-Identifier: MIT
#include "hosting/hostmodule.h"

#include <QtCore/private/qeventdispatcher_glib_p.h>

/// On the default main context in the application's thread, on one of its own in every other.
extern "C" Q_DECL_EXPORT QAbstractEventDispatcher *FLYWHEEL_HOST_MODULE_FUNCTION()
{
    return new QEventDispatcherGlib;
}
