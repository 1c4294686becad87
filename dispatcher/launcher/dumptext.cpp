// SPDX-License-Identifier: MIT
// What --dump prints.
#include "base/plaintext.h"
#include "dump.h"
#include "handlertext.h"

#include <algorithm>

namespace Flywheel::Preload {

namespace {

using Journaling::Activity;
using Handler = JournalContents::Handler;

constexpr std::size_t Slowest = 10;

/// \a text, which is UTF-8, filled up to \a width characters.
std::string column(std::string text, std::size_t width, bool toTheRight = false)
{
    const auto characters = static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
    const std::string space(characters < width ? width - characters : 0, ' ');
    return toTheRight ? space + text : text + space;
}

struct Row
{
    const JournalContents *loop;
    const Handler *handler;
};

std::size_t widthOfThreads(const RecordedProcess &process)
{
    std::size_t width = 6;
    for (const JournalContents &loop : process.loops)
        width = std::max(width, threadText(loop.identity).size());
    return std::min<std::size_t>(width, 24);
}

std::string header(std::size_t threads)
{
    return "  " + column("began", 15) + "  " + column("thread", threads) + "  " +
           column("duration", 10, true) + "  " + column("late", 10, true) + "  " + column("depth", 5, true) +
           "  " + column("kind", 8) + "  receiver\n";
}

std::string line(const Row &row, std::size_t threads)
{
    const Handler &handler = *row.handler;
    const std::string late = handler.lateness.count() > 0 ? durationText(handler.lateness) : "-";
    std::string text = "  " + timeText(row.loop->identity, handler.began) + "  " +
                       column(threadText(row.loop->identity), threads) + "  " +
                       column(durationText(handler.duration), 10, true) + "  " + column(late, 10, true) +
                       "  " + column(std::to_string(handler.depth), 5, true) + "  " +
                       column(kindText(handler), 8) + "  " + receiverText(*row.loop, handler);
    text.resize(text.find_last_not_of(' ') + 1);
    return text + '\n';
}

std::string runningText(const RecordedProcess &process, const JournalContents &loop)
{
    const std::string since = timeText(loop.identity, loop.since);
    const std::string during =
        process.lives ? " for " + durationText(std::max(process.readAt - loop.since, Nanoseconds(0)))
                      : std::string();
    if (loop.running) {
        return "runs a handler" + during + ", since " + since + ": " + kindText(*loop.running) + ", " +
               receiverText(loop, *loop.running);
    }
    if (loop.since == Instant())
        return "runs no handler";
    if (loop.activity == Activity::Pass)
        return "runs its pass" + during + ", since " + since + ", between two handlers";
    return "runs no handler" + during + ", since " + since;
}

std::string headOf(const RecordedProcess &process)
{
    std::string text = "Process " + process.name;
    if (process.loops.empty())
        return text + '\n';
    const JournalIdentity &identity = process.loops[0].identity;
    text += ", " + plainText(identity.program) + ": ";
    if (process.lives)
        return text + "runs; read at " + timeText(identity, process.readAt, true) + '\n';
    return text + "has ended without removing its journals; the last thing that it recorded was at " +
           timeText(identity, process.lastSign(), true) + '\n';
}

std::string nowOf(const RecordedProcess &process, std::size_t threads)
{
    std::string text = process.lives ? "\nRight now:\n" : "\nWhen it ended:\n";
    for (const JournalContents &loop : process.loops) {
        std::string at = runningText(process, loop);
        if (!process.lives) // as it was
            at.replace(0, 4, "ran");
        text += "  " + column(threadText(loop.identity), threads) + "  " + at + '\n';
    }
    return text;
}

std::string slowestOf(const RecordedProcess &process, std::size_t threads)
{
    std::vector<Row> rows;
    for (const JournalContents &loop : process.loops) {
        for (const Handler &handler : loop.handlers)
            rows.push_back({&loop, &handler});
    }
    const std::size_t count = std::min(rows.size(), Slowest);
    const auto slower = [](const Row &a, const Row &b) { return a.handler->duration > b.handler->duration; };
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count), rows.end(), slower);
    std::string text = "\nThe slowest handlers of those that are kept:\n" + header(threads);
    for (std::size_t i = 0; i < count; ++i)
        text += line(rows[i], threads);
    return text;
}

std::string lastOf(const RecordedProcess &process, std::size_t threads, std::size_t most)
{
    std::vector<Row> rows;
    std::size_t kept = 0;
    for (const JournalContents &loop : process.loops) {
        const std::size_t count = std::min(loop.handlers.size(), most);
        kept += loop.handlers.size();
        for (std::size_t i = 0; i < count; ++i) // a handler before those that began with it, inside it
            rows.push_back({&loop, &loop.handlers[loop.handlers.size() - 1 - i]});
    }
    std::ranges::stable_sort(rows, {}, [](const Row &row) { return row.handler->began; });
    std::string text = "\nThe last handlers, the oldest first";
    if (rows.size() < kept)
        text += " (" + std::to_string(rows.size()) + " of the " + std::to_string(kept) +
                " that are kept; `flywheel-run --dump " + process.name + " -` prints all)";
    text += ":\n" + header(threads);
    for (const Row &row : rows)
        text += line(row, threads);
    return text;
}

} // namespace

std::string textOf(const RecordedProcess &process, std::size_t most)
{
    const std::size_t threads = widthOfThreads(process);
    std::string text = headOf(process);
    for (const std::string &problem : process.problems)
        text += problem + '\n';
    if (process.loops.empty())
        return text;
    return text + nowOf(process, threads) + slowestOf(process, threads) + lastOf(process, threads, most);
}

std::string listOf(const std::vector<RecordedProcess> &processes)
{
    std::string text = "  " + column("process", 12) + "  " + column("state", 6) + "  " +
                       column("loops", 5, true) + "  " + column("last sign", 26) + "  program\n";
    for (const RecordedProcess &process : processes) {
        const bool isKnown = !process.loops.empty();
        const JournalIdentity identity = isKnown ? process.loops[0].identity : JournalIdentity();
        text += "  " + column(process.name, 12) + "  " + column(process.lives ? "runs" : "ended", 6) + "  " +
                column(std::to_string(process.loops.size()), 5, true) + "  " +
                column(isKnown ? timeText(identity, process.lastSign(), true) : "-", 26) + "  " +
                (isKnown ? plainText(identity.program) : "(can't be read)") + '\n';
    }
    return text;
}

} // namespace Flywheel::Preload
