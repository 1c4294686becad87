// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qsocketnotifier.h>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// A descriptor of ours that a native dispatcher watches for us.
///
/// Never enabled: that would register it with the thread's dispatcher, which is ours.
class NativeNotifier : public QSocketNotifier
{
public:
    ~NativeNotifier() override;

    /// Watches \a descriptor from now on, or nothing (-1).
    void watch(int descriptor);

    bool event(QEvent *event) final;

protected:
    explicit NativeNotifier(QAbstractEventDispatcher &native);

    /// The descriptor is readable.
    virtual void descriptorIsReadable() = 0;

private:
    QAbstractEventDispatcher &m_native;
    int m_watched = -1;
};

} // namespace Flywheel
