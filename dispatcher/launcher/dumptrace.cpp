// SPDX-License-Identifier: MIT
// The Trace Event Format: "X" is a complete event, "B" one that has not ended, "M" names a process or a
// thread. Times are microseconds of CLOCK_MONOTONIC, as in the kernel's traces with that clock.
#include "base/plaintext.h"
#include "dump.h"
#include "handlertext.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace Flywheel::Preload {

namespace {

using Handler = JournalContents::Handler;

std::string quoted(const std::string &text)
{
    std::string result = "\"";
    for (const char c : plainText(text)) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

std::string microseconds(Nanoseconds time)
{
    std::array<char, 40> text;
    std::snprintf(text.data(), text.size(), "%lld.%03lld", static_cast<long long>(time.count() / 1000),
                  static_cast<long long>(time.count() % 1000));
    return text.data();
}

std::string whereOf(const JournalIdentity &identity)
{
    return "\"pid\":" + std::to_string(identity.processId) + ",\"tid\":" + std::to_string(identity.threadId);
}

std::string nameEvent(const JournalIdentity &identity, const char *what, const std::string &name)
{
    return std::string(R"({"ph":"M","name":")") + what + "\"," + whereOf(identity) +
           ",\"args\":{\"name\":" + quoted(name) + "}}";
}

std::string event(const JournalContents &loop, const Handler &handler, char phase)
{
    const JournalContents::Receiver &receiver = loop.receiverOf(handler);
    const std::string name = receiverText(loop, handler);
    std::string text = std::string(R"({"ph":")") + phase +
                       "\",\"name\":" + quoted(name.empty() ? kindText(handler) : name) +
                       ",\"cat\":" + quoted(kindText(handler)) + ',' + whereOf(loop.identity) +
                       ",\"ts\":" + microseconds(handler.began.time_since_epoch());
    if (phase == 'X')
        text += ",\"dur\":" + microseconds(handler.duration);
    return text + ",\"args\":{\"class\":" + quoted(receiver.className) +
           ",\"object\":" + quoted(receiver.objectName) + ",\"id\":" + std::to_string(handler.id) +
           ",\"late_us\":" + microseconds(handler.lateness) + ",\"depth\":" + std::to_string(handler.depth) +
           "}}";
}

/// \a handlers are in the order in which they ended; the result is in that in which they began, each before
/// those that ran in it. A long duration is rounded, so that a handler may seem to begin before the one that
/// it ran in, and viewers drop such events: it begins with that one then.
std::vector<Handler> nested(std::vector<Handler> handlers)
{
    std::ranges::reverse(handlers);
    std::vector<Handler> around; // those that end later and began earlier, the outermost first
    for (Handler &handler : handlers) {
        const Instant end = handler.began + handler.duration;
        while (!around.empty() && around.back().began >= end)
            around.pop_back();
        if (!around.empty() && handler.began < around.back().began) {
            handler.began = around.back().began;
            handler.duration = end - handler.began;
        }
        around.push_back(handler);
    }
    std::ranges::stable_sort(handlers, {}, &Handler::began);
    return handlers;
}

} // namespace

std::string traceOf(const RecordedProcess &process)
{
    std::string text = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
    const char *separator = "\n";
    const auto add = [&](const std::string &line) {
        text += separator + line;
        separator = ",\n";
    };
    for (const JournalContents &loop : process.loops) {
        add(nameEvent(loop.identity, "process_name", loop.identity.program));
        add(nameEvent(loop.identity, "thread_name", threadText(loop.identity)));
        for (const Handler &handler : nested(loop.handlers))
            add(event(loop, handler, 'X'));
        if (loop.running)
            add(event(loop, *loop.running, 'B'));
    }
    return text + "\n]}\n";
}

} // namespace Flywheel::Preload
