// SPDX-License-Identifier: MIT
#pragma once

#include "packedframe.h"

#include <QtCore/qstring.h>

#include <deque>

namespace Flywheel::Monitor {

/// The frames of the last ten minutes, to be saved after something has happened. They are packed as in a
/// recording: 8 MB for ten minutes of a program with five loops.
class RecentFrames
{
public:
    static constexpr Duration Kept = std::chrono::minutes(10);
    /// Of many programs with large frames less than ten minutes may be kept.
    static constexpr qsizetype MostBytes = qsizetype(128) << 20;

    bool needsKeyFrame(quint64 processKey, Time time) const { return m_keyFrames.isDue(processKey, time); }
    void add(quint64 processKey, const Telemetry::ProcessInfo &info, PackedFrame frame);
    /// Forgets the frames of a process.
    void forget(quint64 processKey);

    bool isEmpty() const { return m_frames.empty(); }
    /// From the first to the last frame.
    Duration length() const;
    qsizetype bytes() const { return m_bytes; }
    /// Writes them to a recording: all, or no file. Replaces an older recording, but no other file. Returns
    /// an empty string, or for people why that failed and what to do.
    QString save(const QString &path) const;

private:
    struct OneFrame
    {
        quint64 processKey;
        PackedFrame frame;
    };

    void makeRoom();

    std::deque<OneFrame> m_frames;
    std::map<quint64, Telemetry::ProcessInfo> m_processes;
    KeyFrameTimes m_keyFrames;
    qsizetype m_bytes = 0;
};

} // namespace Flywheel::Monitor
