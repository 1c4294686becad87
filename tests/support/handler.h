// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qobject.h>

#include <functional>

namespace Flywheel::Test {

/// A QObject whose event handlers are functions of the test.
class Handler : public QObject
{
public:
    std::function<void(int)> onTimer;
    std::function<void()> onPosted;

    void post() { QCoreApplication::postEvent(this, new QEvent(QEvent::User)); }

protected:
    void timerEvent(QTimerEvent *event) override
    {
        if (onTimer)
            onTimer(event->timerId());
    }
    void customEvent(QEvent *) override
    {
        if (onPosted)
            onPosted();
    }
};

} // namespace Flywheel::Test
