// SPDX-License-Identifier: MIT
#pragma once

#include "hosting/hostlink.h"
#include "hosting/hostmodule.h"

#include <memory>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// By sources in the host's main context, which work in foreign loops too.
class GlibLink final : public HostLink
{
public:
    GlibLink(std::unique_ptr<GlibSource> source, QAbstractEventDispatcher &native)
        : m_source(std::move(source))
        , m_native(native)
    {
    }

    void watch(int descriptor) override { m_source->watch(descriptor); }
    void beforeWait(Instant, bool) override {} // GLib asks by itself
    bool servesForeignLoops() const override { return true; }
    bool runHost(QEventLoop::ProcessEventsFlags flags) override;

private:
    const std::unique_ptr<GlibSource> m_source;
    QAbstractEventDispatcher &m_native;
};

} // namespace Flywheel
