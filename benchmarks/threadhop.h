// SPDX-License-Identifier: MIT
#pragma once

#include "lane.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qthread.h>

namespace Flywheel::Bench {

inline void post(QObject *receiver)
{
    QCoreApplication::postEvent(receiver, new QEvent(QEvent::User));
}

/// Answers each event with another one.
class Echo : public QObject
{
public:
    explicit Echo(QObject *answerTo) : m_answerTo(answerTo) {}

protected:
    void customEvent(QEvent *) override { post(m_answerTo); }

private:
    QObject *m_answerTo;
};

/// Sends an event to an object of another thread and waits for the one that comes back.
class Hopper : public QObject
{
public:
    explicit Hopper(Lane lane) : m_echo(this)
    {
        m_echo.moveToThread(&m_thread);
        installForThread(lane, m_thread);
        m_thread.start();
    }

    ~Hopper() override
    {
        m_thread.quit();
        m_thread.wait();
    }

    QThread &thread() { return m_thread; }

    void run(qint64 hops)
    {
        m_left = hops;
        post(&m_echo);
        m_loop.exec();
    }

protected:
    void customEvent(QEvent *) override
    {
        m_left -= 2;
        if (m_left > 0)
            post(&m_echo);
        else
            m_loop.quit();
    }

private:
    QThread m_thread;
    Echo m_echo;
    QEventLoop m_loop;
    qint64 m_left = 0;
};

} // namespace Flywheel::Bench
