// SPDX-License-Identifier: MIT
#pragma once

#include "hosting/hostmodule.h"
#include "hosting/nativenotifier.h"

namespace Flywheel {

/// The one notifier that a native dispatcher watches for our descriptors: it is activated while any of them
/// is ready.
class BridgeNotifier final : public NativeNotifier
{
public:
    BridgeNotifier(HostClient &client, QAbstractEventDispatcher &native)
        : NativeNotifier(native)
        , m_client(client)
    {
    }

private:
    void descriptorIsReadable() override { m_client.workIsReady(true); }

    HostClient &m_client;
};

} // namespace Flywheel
