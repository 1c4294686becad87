// SPDX-License-Identifier: MIT
#include "hosting/hostmodule.h"

#include <QtGui/private/qguiapplication_p.h>
#include <QtGui/qpa/qplatformintegration.h>

/// The dispatcher that QGuiApplication would make for itself. The platform plugin is loaded after the
/// application's constructor has found our dispatcher, and gone before the application is.
extern "C" Q_DECL_EXPORT QAbstractEventDispatcher *FLYWHEEL_HOST_MODULE_FUNCTION()
{
    QPlatformIntegration *integration = QGuiApplicationPrivate::platformIntegration();
    return integration ? integration->createEventDispatcher() : nullptr;
}
