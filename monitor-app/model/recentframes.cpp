// SPDX-License-Identifier: MIT
#include "recentframes.h"

#include "recording.h"

#include <set>

namespace Flywheel::Monitor {

void RecentFrames::add(quint64 processKey, const Telemetry::ProcessInfo &info, PackedFrame frame)
{
    m_processes.insert_or_assign(processKey, info);
    m_keyFrames.note(processKey, frame);
    m_bytes += frame.message.size();
    m_frames.push_back({processKey, std::move(frame)});
    makeRoom();
}

void RecentFrames::makeRoom()
{
    // What can be saved of a process begins with a key frame.
    constexpr Duration Longest = Kept + KeyFrameTimes::Interval;
    while (length() > Longest || m_bytes > MostBytes) {
        m_bytes -= m_frames.front().frame.message.size();
        m_frames.pop_front();
    }
}

void RecentFrames::forget(quint64 processKey)
{
    std::erase_if(m_frames, [&](const OneFrame &each) {
        if (each.processKey == processKey)
            m_bytes -= each.frame.message.size();
        return each.processKey == processKey;
    });
    m_processes.erase(processKey);
    m_keyFrames.forget(processKey);
}

Duration RecentFrames::length() const
{
    return isEmpty() ? Duration() : m_frames.back().frame.takenAt - m_frames.front().frame.takenAt;
}

QString RecentFrames::save(const QString &path) const
{
    QString error;
    const std::unique_ptr<Recorder> recorder = Recorder::create(path, error);
    if (!recorder)
        return error;
    std::set<quint64> begun;
    for (const OneFrame &each : m_frames) {
        if (each.frame.isKeyFrame)
            begun.insert(each.processKey);
        if (begun.contains(each.processKey))
            recorder->add(each.processKey, m_processes.at(each.processKey), each.frame);
    }
    error = recorder->finish();
    if (!error.isEmpty())
        recorder->discard();
    return error;
}

} // namespace Flywheel::Monitor
