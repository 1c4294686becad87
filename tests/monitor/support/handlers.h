// SPDX-License-Identifier: MIT
#pragma once

#include "model/handlerlog.h"

/// Handlers as a journal might have them.
namespace Flywheel::Monitor::Test {

inline LoggedHandler handler(Time begin, Duration duration, HandlerKind kind = HandlerKind::Timer,
                             int depth = 1)
{
    return {.begin = begin,
            .end = begin + duration,
            .id = 7,
            .lateness = {},
            .receiver = 0,
            .kind = kind,
            .depth = static_cast<std::uint8_t>(depth)};
}

/// Handlers of one receiver, EchoServer "front", all that the loop ran until \a takenAt.
inline HandlerBatch batch(Time takenAt, std::vector<LoggedHandler> handlers)
{
    HandlerBatch result;
    result.takenAt = takenAt;
    result.isFirst = true;
    result.receivers = {{QStringLiteral("EchoServer"), QStringLiteral("front")}};
    result.handlers = std::move(handlers);
    return result;
}

} // namespace Flywheel::Monitor::Test
