// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>

#include <condition_variable>
#include <mutex>

/// A dispatcher that a program might bring along: it delivers posted events and knows nothing else.
class OwnDispatcher : public QAbstractEventDispatcher
{
    Q_OBJECT

public:
    bool processEvents(QEventLoop::ProcessEventsFlags flags) override
    {
        Q_EMIT awake();
        QCoreApplication::sendPostedEvents();
        std::unique_lock lock(m_mutex);
        if (flags & QEventLoop::WaitForMoreEvents)
            m_changed.wait(lock, [this] { return m_awake; });
        m_awake = false;
        return true;
    }
    void wakeUp() override
    {
        const std::lock_guard lock(m_mutex);
        m_awake = true;
        m_changed.notify_one();
    }
    void interrupt() override { wakeUp(); }

    void registerSocketNotifier(QSocketNotifier *) override {}
    void unregisterSocketNotifier(QSocketNotifier *) override {}
    void registerTimer(int, qint64, Qt::TimerType, QObject *) override {}
    bool unregisterTimer(int) override { return false; }
    bool unregisterTimers(QObject *) override { return false; }
    QList<TimerInfo> registeredTimers(QObject *) const override { return {}; }
    int remainingTime(int) override { return -1; }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_awake = false;
};
