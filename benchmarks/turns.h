// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qobject.h>

#include <chrono>

namespace Flywheel::Bench {

/// An event that posts the next one.
class Turner : public QObject
{
public:
    void run(qint64 turns)
    {
        m_left = turns;
        post();
        m_loop.exec();
    }

protected:
    void customEvent(QEvent *) override
    {
        if (--m_left > 0)
            post();
        else
            m_loop.quit();
    }

private:
    void post() { QCoreApplication::postEvent(this, new QEvent(QEvent::User)); }

    QEventLoop m_loop;
    qint64 m_left = 0;
};

/// A timer that fires in each pass.
class ZeroTimer : public QObject
{
public:
    ZeroTimer() { startTimer(0); }

    void run(qint64 ticks)
    {
        m_left = ticks;
        m_loop.exec();
    }

protected:
    void timerEvent(QTimerEvent *) override
    {
        if (--m_left == 0)
            m_loop.quit();
    }

private:
    QEventLoop m_loop;
    qint64 m_left = 0;
};

/// Timers that are not due while it is measured.
class FarTimers : public QObject
{
public:
    explicit FarTimers(int count)
    {
        for (int i = 0; i < count; ++i)
            startTimer(std::chrono::hours(1));
    }
};

} // namespace Flywheel::Bench
