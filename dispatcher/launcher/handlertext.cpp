// SPDX-License-Identifier: MIT
#include "handlertext.h"

#include "base/plaintext.h"
#include "eventnames.h"
#include "formatting.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace Flywheel::Preload {

namespace {

// As HandlerKind counts, whose header needs Qt.
enum Kind : std::uint32_t { Timer, Notifier, PostedBatch, Task, PostedEvent, WindowEvent };

std::string eventText(std::int64_t type)
{
    const std::string_view name = eventName(type);
    if (!name.empty())
        return std::string(name);
    const bool isUsers = type > FirstUserEvent && type < LastUserEvent;
    return isUsers ? "User + " + std::to_string(type - FirstUserEvent) : "event type " + std::to_string(type);
}

std::string idText(const JournalContents::Handler &handler)
{
    switch (handler.kind) {
    case Timer:
        return handler.id < 0 ? "timeout " + std::to_string(-handler.id) : "id " + std::to_string(handler.id);
    case Notifier:
        return "descriptor " + std::to_string(handler.id);
    case PostedEvent:
    case WindowEvent:
        return eventText(handler.id);
    default:
        return {};
    }
}

} // namespace

std::string kindText(const JournalContents::Handler &handler)
{
    constexpr std::array<const char *, 6> names = {"timer", "notifier", "batch", "task", "event", "window"};
    return handler.kind < names.size() ? names[handler.kind] : "kind " + std::to_string(handler.kind);
}

std::string receiverText(const JournalContents &loop, const JournalContents::Handler &handler)
{
    const JournalContents::Receiver &receiver = loop.receiverOf(handler);
    std::string text = plainText(receiver.className);
    if (!receiver.objectName.empty())
        text += " \"" + plainText(receiver.objectName) + '"';
    const std::string id = idText(handler);
    if (!id.empty())
        text += (text.empty() ? "" : ", ") + id;
    return text;
}

std::string threadText(const JournalIdentity &identity)
{
    return identity.thread.empty() ? "thread " + std::to_string(identity.threadId)
                                   : plainText(identity.thread);
}

std::string durationText(Nanoseconds duration)
{
    const ScaledDuration scaled(duration);
    const int digits = scaled.isNanoseconds() || scaled.value >= 100 ? 0 : 2;
    return print("%.*f %s", digits, scaled.value, scaled.unit);
}

std::string timeText(const JournalIdentity &identity, Instant instant, bool withDate)
{
    const Nanoseconds wall = instant.time_since_epoch() + identity.wallOffset;
    const auto seconds = static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(wall).count());
    std::tm local{};
    if (!::localtime_r(&seconds, &local))
        return "?";
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), withDate ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &local);
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(wall).count() % 1'000'000;
    return text.data() + print(".%06lld", static_cast<long long>(micros));
}

} // namespace Flywheel::Preload
