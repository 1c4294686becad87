// SPDX-License-Identifier: MIT
#include "journal/recenthandlers.h"

#include <algorithm>

namespace Flywheel {

namespace {

RecentHandler toRecent(const JournalContents &contents, const JournalContents::Handler &handler)
{
    const JournalContents::Receiver &receiver = contents.receiverOf(handler);
    return {.began = handler.began.time_since_epoch(),
            .duration = handler.duration,
            .lateness = handler.lateness,
            .kind = static_cast<HandlerKind>(std::min<std::size_t>(handler.kind, HandlerKindCount - 1)),
            .className = receiver.className,
            .objectName = receiver.objectName,
            .id = handler.id,
            .nestingDepth = handler.depth};
}

} // namespace

void addHandlers(LoopHandlers &loop, const JournalContents &contents, Instant now, std::size_t most)
{
    const std::size_t count = std::min(most, contents.handlers.size());
    loop.recorded = contents.written;
    loop.handlers.reserve(count);
    for (std::size_t i = contents.handlers.size() - count; i < contents.handlers.size(); ++i)
        loop.handlers.push_back(toRecent(contents, contents.handlers[i]));
    if (contents.running) {
        loop.running = toRecent(contents, *contents.running);
        loop.running->duration = std::max(now - contents.running->began, Nanoseconds::zero());
    }
}

} // namespace Flywheel
