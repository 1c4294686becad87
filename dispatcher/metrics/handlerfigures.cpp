// SPDX-License-Identifier: MIT
#include "metrics/handlerfigures.h"

#include <algorithm>

namespace Flywheel {

void HandlerFigures::fold() noexcept
{
    foldHandlers();
    foldPasses();
}

namespace {

/// One after another, handlers are often for the same receiver or timer: their durations are added up before
/// the table gets them.
struct Run
{
    Journal::Record last;
    DurationSum sum;

    bool goesOn(const Journal::Record &next) const
    {
        return next.subject == last.subject && next.timer == last.timer;
    }
};

/// The journal's numbers are floats; one that was not noted counts as 0.
Nanoseconds toDuration(float ns)
{
    const bool isNoted = ns >= 0 && ns <= static_cast<float>(HandlerFigures::LongestNoted.count());
    return Nanoseconds(isNoted ? static_cast<std::int64_t>(ns) : 0);
}

} // namespace

/// The journal may be a file, so what is read from it is not trusted to be in range.
void HandlerFigures::foldHandlers() noexcept
{
    const std::uint64_t end = m_journal.writtenByLoop();
    std::uint64_t number = m_foldedRecords.load(std::memory_order_relaxed);
    if (number == end)
        return;
    std::array<DurationSum, HandlerKindCount> sums{};
    Run run{m_journal.record(number), {}};
    const auto endRun = [&] {
        if (run.last.subject != Journaling::Others)
            receivers.record(m_subjects.receiver(run.last.subject), run.sum);
        if (run.last.timer != 0)
            timers.record(run.last.timer - 1U, run.last.id, run.sum);
    };
    for (; number != end; ++number) {
        const Journal::Record record = m_journal.record(number);
        const std::size_t kind = std::min<std::size_t>(record.kind, HandlerKindCount - 1);
        const Nanoseconds duration = toDuration(record.duration);
        handlerTime[kind].record(duration, sums[kind]);
        if (!run.goesOn(record)) {
            endRun();
            run.sum = {};
        }
        run.last = record;
        run.sum.add(duration);
        if (record.timer != 0)
            timers.recordLateness(record.timer - 1U, toDuration(record.lateness));
    }
    endRun();
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind) {
        if (sums[kind].count == 0)
            continue;
        handlerTime[kind].account(sums[kind]);
        window.add(kind, sums[kind].count);
    }
    m_foldedRecords.store(end, std::memory_order_relaxed);
}

void HandlerFigures::foldPasses() noexcept
{
    const std::uint64_t end = m_notedPasses.load(std::memory_order_acquire);
    const std::uint64_t begin = m_foldedPasses.load(std::memory_order_relaxed);
    if (begin == end)
        return;
    DurationSum sum;
    for (std::uint64_t number = begin; number != end; ++number)
        passTime.record(Nanoseconds(m_passes[number % PassCount].load(std::memory_order_relaxed)), sum);
    passTime.account(sum);
    window.add(Passes, end - begin);
    m_foldedPasses.store(end, std::memory_order_relaxed);
}

} // namespace Flywheel
