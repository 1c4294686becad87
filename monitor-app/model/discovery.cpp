// SPDX-License-Identifier: MIT
#include "discovery.h"

#include <algorithm>

namespace Flywheel::Monitor {

using Telemetry::Publisher;

namespace {

bool contains(const std::vector<Publisher> &publishers, const Publisher &wanted)
{
    // One that has taken over the process id of another is another one, and so is one with another socket.
    return std::any_of(publishers.begin(), publishers.end(), [&](const Publisher &publisher) {
        return publisher.processId == wanted.processId && publisher.socketPath == wanted.socketPath;
    });
}

} // namespace

Discovery::Discovery(QObject *parent) : QObject(parent)
{
    m_timer.setInterval(std::chrono::seconds(1));
    connect(&m_timer, &QTimer::timeout, this, &Discovery::refresh);
}

void Discovery::start()
{
    Telemetry::removeLeftovers();
    m_timer.start();
    refresh();
}

void Discovery::stop()
{
    m_timer.stop();
}

void Discovery::refresh()
{
    const std::vector<Publisher> before = m_publishers;
    const std::vector<Publisher> now = Telemetry::publishers();
    m_publishers = now;
    bool different = false;
    for (const Publisher &publisher : before) {
        if (contains(now, publisher))
            continue;
        different = true;
        Q_EMIT disappeared(publisher);
    }
    for (const Publisher &publisher : now) {
        if (contains(before, publisher))
            continue;
        different = true;
        Q_EMIT appeared(publisher);
    }
    if (different)
        Q_EMIT changed();
}

} // namespace Flywheel::Monitor
