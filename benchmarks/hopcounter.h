// SPDX-License-Identifier: MIT
#pragma once

#include "descriptors.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qsocketnotifier.h>

namespace Flywheel::Bench {

/// A byte goes through a pair of descriptors; each activation reads it and sends the next, until enough have
/// come.
class HopCounter : public QObject
{
public:
    /// \a ends: where bytes come out, and where they go in.
    explicit HopCounter(std::pair<int, int> ends)
        : m_ends(ends)
        , m_notifier(ends.first, QSocketNotifier::Read)
    {
        connect(&m_notifier, &QSocketNotifier::activated, this, &HopCounter::hop);
    }

    void run(qint64 hops)
    {
        m_left = hops;
        writeByte(m_ends.second);
        m_loop.exec();
    }

private:
    void hop()
    {
        readByte(m_ends.first);
        if (--m_left > 0)
            writeByte(m_ends.second);
        else
            m_loop.quit();
    }

    std::pair<int, int> m_ends;
    QSocketNotifier m_notifier;
    QEventLoop m_loop;
    qint64 m_left = 0;
};

} // namespace Flywheel::Bench
