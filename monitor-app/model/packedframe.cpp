// SPDX-License-Identifier: MIT
#include "packedframe.h"

#include "telemetry/protocol/framecodec.h"

namespace Flywheel::Monitor {

namespace {

/// Halves a frame in a tenth of a millisecond; more effort gains next to nothing.
constexpr int FastestCompression = 1;

qint64 stallsIn(const Telemetry::Frame &frame)
{
    qint64 stalls = 0;
    for (const Telemetry::LoopFrame &loop : frame.loops)
        stalls += loop.wholeLife ? 0 : static_cast<qint64>(loop.stallCount);
    return stalls;
}

} // namespace

QByteArray compressed(const QByteArray &message)
{
    return qCompress(message, FastestCompression);
}

PackedFrame pack(const Telemetry::Frame &frame, bool isKeyFrame)
{
    return {frame.takenAt, frame.takenAtWall, isKeyFrame, stallsIn(frame),
            compressed(Telemetry::encode(frame))};
}

} // namespace Flywheel::Monitor
