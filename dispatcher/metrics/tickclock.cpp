// SPDX-License-Identifier: MIT
#include "metrics/tickclock.h"

#include <cstdlib>
#include <cstring>

namespace Flywheel {

namespace {

/// A thread that lost the processor between two readings does not know which moment they belong to. Counters
/// tick at 4 GHz at most.
constexpr std::uint64_t MostTicksBetween = 40'000;
constexpr int MostInterruptions = 64; // reading the counter may always take that long: it is emulated

/// By this much the two clocks may differ: the readings themselves, and a rate that changes.
constexpr Nanoseconds Tolerance = std::chrono::microseconds(2);
constexpr int ToleratedPerMille = 1; // the kernel slews by half of that at most (adjtimex(2))

/// Rates are taken as smaller by 1 / 16384, so that small changes do not put a time ahead of the system's.
constexpr double Caution = 1.0 - 1.0 / 16384;

bool isSwitchedOff() noexcept
{
    const char *const wanted = std::getenv("FLYWHEEL_CYCLE_COUNTER");
    return wanted && std::strcmp(wanted, "0") == 0;
}

} // namespace

CounterFunction TickClock::counterFor(ClockFunction clock) noexcept
{
    static const bool s_isTrusted = !isSwitchedOff() && isCycleCounterTrusted();
    return clock == steadyNow && s_isTrusted ? readCycleCounter : nullptr;
}

Instant TickClock::readSystem() noexcept
{
    if (!m_counter)
        return m_clock();
    const std::uint64_t before = readCounter();
    const Instant now = m_clock();
    const std::uint64_t after = readCounter();
    m_span = 0;
    if (after - before <= MostTicksBetween) {
        m_interruptions = 0;
        anchor(after, now);
    } else if (++m_interruptions >= MostInterruptions) {
        m_counter = nullptr;
    }
    return now;
}

/// \a ticks was read after \a now, so times that are measured from here are behind rather than ahead.
void TickClock::anchor(std::uint64_t ticks, Instant now) noexcept
{
    if (m_base == Immediately || (m_scale != 0 && !agrees(ticks, now)))
        measureAnew(ticks, now);
    else
        measureRate(ticks, now);
    m_anchorTicks = ticks;
    m_anchor = now;
    if (m_scale != 0)
        m_span = (static_cast<std::uint64_t>(LongestSpan.count()) << ScaleBits) / m_scale;
}

bool TickClock::agrees(std::uint64_t ticks, Instant now) const noexcept
{
    const auto since = static_cast<double>(static_cast<std::int64_t>(ticks - m_anchorTicks));
    const double predicted = since * static_cast<double>(m_scale) / static_cast<double>(1ULL << ScaleBits);
    const Nanoseconds elapsed = now - m_anchor;
    const double difference = predicted - static_cast<double>(elapsed.count());
    const auto allowed = static_cast<double>((Tolerance + elapsed * ToleratedPerMille / 1000).count());
    return difference <= allowed && difference >= -allowed;
}

void TickClock::measureAnew(std::uint64_t ticks, Instant now) noexcept
{
    if (m_base != Immediately && ++m_surprises >= MostSurprises)
        m_counter = nullptr;
    m_scale = 0;
    m_base = now;
    m_baseTicks = ticks;
}

void TickClock::measureRate(std::uint64_t ticks, Instant now) noexcept
{
    const Nanoseconds elapsed = now - m_base;
    if (elapsed < (m_scale == 0 ? FirstBaseline : Baseline))
        return;
    const auto passed = static_cast<double>(static_cast<std::int64_t>(ticks - m_baseTicks));
    const double scale = passed > 0 ? static_cast<double>(elapsed.count()) / passed : 0;
    if (scale < 1e-3 || scale > 1e3) { // no counter ticks at more than 1 THz or at less than 1 MHz
        measureAnew(ticks, now);
        return;
    }
    m_scale = static_cast<std::uint64_t>(scale * Caution * static_cast<double>(1ULL << ScaleBits));
    if (elapsed < Baseline)
        return;
    m_base = now;
    m_baseTicks = ticks;
    m_surprises = 0;
}

} // namespace Flywheel
