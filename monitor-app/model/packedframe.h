// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"
#include "timespan.h"

#include <QtCore/qbytearray.h>

#include <map>

namespace Flywheel::Monitor {

/// A frame as a recording keeps it; docs/recording-format.md.
struct PackedFrame
{
    Time takenAt{};
    WallTime takenAtWall{};
    bool isKeyFrame = false; ///< it contains the tables of all loops
    qint64 stalls = 0;       ///< that ended in its interval
    QByteArray message{};    ///< compressed
};

/// As all messages in a recording are.
QByteArray compressed(const QByteArray &message);
PackedFrame pack(const Telemetry::Frame &frame, bool isKeyFrame);

/// When the key frames of some processes are due. A replay may begin to read at a key frame. A process is
/// known by any number that no other one has.
class KeyFrameTimes
{
public:
    static constexpr Duration Interval = std::chrono::seconds(30);

    bool isDue(quint64 processKey, Time time) const
    {
        const auto last = m_last.find(processKey);
        return last == m_last.end() || time - last->second >= Interval;
    }
    void note(quint64 processKey, const PackedFrame &frame)
    {
        if (frame.isKeyFrame)
            m_last[processKey] = frame.takenAt;
    }
    void forget(quint64 processKey) { m_last.erase(processKey); }

private:
    std::map<quint64, Time> m_last;
};

} // namespace Flywheel::Monitor
