// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qcoreevent.h>
#include <QtCore/qnamespace.h>

namespace Flywheel::Test {

/// Listens to Qt's hook for event deliveries, as GammaRay does, and counts the events of type QEvent::User.
/// One at a time.
class HeardEvents
{
public:
    HeardEvents()
    {
        s_count = 0;
        QInternal::registerCallback(QInternal::EventNotifyCallback, hear);
    }
    ~HeardEvents() { QInternal::unregisterCallback(QInternal::EventNotifyCallback, hear); }
    HeardEvents(const HeardEvents &) = delete;
    HeardEvents &operator=(const HeardEvents &) = delete;

    int count() const { return s_count; }

private:
    static bool hear(void **data)
    {
        s_count += static_cast<QEvent *>(data[1])->type() == QEvent::User;
        return false;
    }

    static inline int s_count = 0;
};

} // namespace Flywheel::Test
