// SPDX-License-Identifier: MIT
#pragma once

#include "ring.h"
#include "timespan.h"

#include <flywheel/metrics.h>

#include <QtCore/qhash.h>
#include <QtCore/qstring.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace Flywheel::Monitor {

/// One handler that has run, as the flight recorder of its loop kept it.
struct LoggedHandler
{
    Time begin{};
    Time end{};
    std::int64_t id = 0;        ///< as Stall::id
    Duration lateness{};        ///< of a timer
    std::uint16_t receiver = 0; ///< HandlerLog::receiverOf()
    HandlerKind kind = HandlerKind::Timer;
    std::uint8_t depth = 0; ///< loops on the stack: 1 in a plain exec(); 0 if not known

    Duration duration() const { return end - begin; }
    bool operator==(const LoggedHandler &) const = default;
};

/// Whom a handler belongs to; empty if not known.
struct HandlerReceiver
{
    QString className;
    QString objectName;

    bool operator==(const HandlerReceiver &) const = default;
};

/// A handler with its receiver, on its own.
struct NamedHandler
{
    LoggedHandler handler;
    HandlerReceiver receiver;
};

/// Handlers that were read together.
struct HandlerBatch
{
    Time takenAt{};       ///< all that ended before was recorded: what is not here did not run
    bool isFirst = false; ///< the first handlers that the loop ever ran, unless there are none
    bool hasLoss = false; ///< between these and those of the batch before some were overwritten
    std::vector<HandlerReceiver> receivers;
    std::vector<LoggedHandler>
        handlers; ///< in the order in which they ended; \c receiver: index in receivers
    std::optional<NamedHandler> running; ///< the innermost one that runs at takenAt; `end` is takenAt
};

/// The last handlers of one loop, and about which time nothing is known. Times are those of the loop's
/// machine.
class HandlerLog
{
public:
    /// What is to be bound is memory: this many take 8 MB a loop. The loop of a window that somebody uses
    /// (some 300 handlers a second) keeps ten minutes with them, as much as the time axis shows. A bound by
    /// time would come on top of this one, and take the past away from quiet loops for nothing.
    static constexpr std::size_t Capacity = 200'000;
    /// Different receivers whose names are kept. The handlers of others have none.
    static constexpr std::size_t MostReceivers = 4096;

    void add(const HandlerBatch &batch);
    void clear();

    std::size_t size() const { return m_handlers.size(); }
    bool isEmpty() const { return m_handlers.isEmpty(); }
    /// Outside of this time nothing is known; empty: nothing at all.
    TimeSpan known() const { return m_known.value_or(TimeSpan()); }
    /// The times within known() of which handlers are missing, ascending.
    const std::deque<TimeSpan> &gaps() const { return m_gaps; }
    /// The handler that ran at the end of known().
    const std::optional<NamedHandler> &running() const { return m_running; }
    /// The largest LoggedHandler::depth so far.
    int deepest() const { return m_deepest; }
    /// When, at the latest, a handler at \a depth began that still goes on at the end of known(), as those
    /// tell that ran inside of it. It is recorded when it ends. Nothing: none is known of.
    std::optional<Time> openSince(int depth) const;
    const HandlerReceiver &receiverOf(const LoggedHandler &handler) const;
    NamedHandler named(const LoggedHandler &handler) const { return {handler, receiverOf(handler)}; }

    /// Calls \a visit(const LoggedHandler &) for each handler that overlaps \a span, in the order in which
    /// they ended.
    template <typename Visitor>
    void forEach(TimeSpan span, Visitor &&visit) const;

private:
    std::uint16_t numberOf(const HandlerReceiver &receiver);
    void noteLoss(const HandlerBatch &batch);
    void forgetBefore(Time time);
    void noteOpen(const LoggedHandler &handler);

    Ring<LoggedHandler> m_handlers{Capacity};
    std::vector<HandlerReceiver> m_receivers{HandlerReceiver()};
    QHash<std::pair<QString, QString>, std::uint16_t> m_numbers;
    std::deque<TimeSpan> m_gaps;
    std::optional<TimeSpan> m_known;
    std::optional<NamedHandler> m_running;
    int m_deepest = 1;
    std::vector<std::optional<Time>> m_open; ///< by depth
};

template <typename Visitor>
void HandlerLog::forEach(TimeSpan span, Visitor &&visit) const
{
    std::size_t begin = 0;
    for (std::size_t end = m_handlers.size(); begin < end;) { // the first that does not end before span.begin
        const std::size_t middle = begin + (end - begin) / 2;
        m_handlers[middle].end >= span.begin ? end = middle : begin = middle + 1;
    }
    // One that ended long after the span may have begun before its end, so all that follow are looked at.
    for (std::size_t i = begin; i < m_handlers.size(); ++i) {
        const LoggedHandler &handler = m_handlers[i];
        const bool isIn = handler.end > span.begin || handler.begin == span.begin; // which may take no time
        if (isIn && handler.begin < span.end)
            visit(handler);
    }
}

} // namespace Flywheel::Monitor
