// SPDX-License-Identifier: MIT
#include "metrics/timertable.h"

#include <algorithm>
#include <bit>

namespace Flywheel {

namespace {

/// The quarter octaves of microseconds: 0 is under 1 us.
constexpr std::uint32_t quarterOctave(std::uint64_t us)
{
    if (us == 0)
        return 0;
    const auto octave = static_cast<std::uint32_t>(std::bit_width(us)) - 1;
    const auto quarter =
        static_cast<std::uint32_t>(octave >= 2 ? us >> (octave - 2) : us << (2 - octave)) & 3;
    return 1 + octave * 4 + quarter;
}

constexpr std::uint64_t middleUs(std::uint32_t bucket)
{
    if (bucket == 0)
        return 0;
    const std::uint32_t octave = (bucket - 1) / 4;
    const std::uint64_t eighths = 8 + 2 * ((bucket - 1) % 4) + 1;
    return (eighths << octave) / 8;
}

static_assert(quarterOctave(middleUs(60)) == 60);

} // namespace

std::uint32_t TimerTable::latenessBucket(Nanoseconds lateness) noexcept
{
    const auto us =
        static_cast<std::uint64_t>(std::max(lateness, Nanoseconds::zero()) / std::chrono::microseconds(1));
    return std::min(quarterOctave(us), LatenessBuckets - 1);
}

bool TimerTable::holds(const Entry &entry, const Firing &firing) noexcept
{
    return entry.object == firing.subject.identity && entry.identity.interval == firing.interval.count() &&
           entry.identity.type == firing.type && entry.identity.className.matches(firing.subject.className);
}

TimerTable::Entry &TimerTable::entryOf(const Firing &firing) noexcept
{
    const std::size_t key = reinterpret_cast<std::size_t>(firing.subject.identity) +
                            static_cast<std::size_t>(firing.interval.count());
    Entry *const set = &m_entries[((key * 0x9E3779B97F4A7C15u) >> 32) % Sets * Ways];
    Entry *lightest = set;
    for (Entry *entry = set; entry != set + Ways; ++entry) {
        if (entry->weight > 0 && holds(*entry, firing))
            return *entry;
        if (entry->weight < lightest->weight)
            lightest = entry;
    }
    if (lightest->weight > 0)
        evict(*lightest);
    takeOver(*lightest, firing);
    return *lightest;
}

void TimerTable::evict(Entry &entry) noexcept
{
    Entry &others = m_entries[Others];
    if (others.weight == 0) {
        others.weight = 1;
        others.identity.className.assign("(others)");
        others.published.store(others.identity);
    }
    others.fired.add(entry.fired.get());
    others.total.add(entry.total.get());
    others.max.raise(entry.max.get());
    others.latenessTotal.add(entry.latenessTotal.get());
    others.latenessMax.raise(entry.latenessMax.get());
    for (std::uint32_t i = 0; i < LatenessBuckets; ++i) {
        if (const std::uint32_t count = entry.lateness[i].get())
            others.lateness[i].add(count);
    }
}

void TimerTable::takeOver(Entry &entry, const Firing &firing) noexcept
{
    for (Cell<std::int64_t> *cell : {&entry.total, &entry.max, &entry.latenessTotal, &entry.latenessMax})
        cell->set(0);
    entry.fired.set(0);
    for (Cell<std::uint32_t> &count : entry.lateness)
        count.set(0);
    entry.object = firing.subject.identity;
    entry.identity.className.assign(firing.subject.className);
    entry.identity.objectName.assign(firing.subject.objectName);
    entry.identity.interval = firing.interval.count();
    entry.identity.type = firing.type;
    entry.published.store(entry.identity);
    entry.weight = std::max<std::int64_t>(entry.weight, 1); // not free
    ++entry.tenancy;
}

TimerTable::Handle TimerTable::find(const Firing &firing) noexcept
{
    Entry &entry = entryOf(firing);
    if (!entry.identity.objectName.matches(firing.subject.objectName)) {
        entry.identity.objectName.assign(firing.subject.objectName);
        entry.published.store(entry.identity);
    }
    return {static_cast<std::uint32_t>(&entry - m_entries.data()), entry.tenancy};
}

void TimerTable::countLateness(Entry &entry, Nanoseconds lateness) noexcept
{
    entry.lateness[latenessBucket(lateness)].add(1);
    entry.latenessTotal.add(lateness.count());
    entry.latenessMax.raise(lateness.count());
}

void TimerTable::resetMaxima() noexcept
{
    for (Entry &entry : m_entries) {
        entry.max.set(0);
        entry.latenessMax.set(0);
        // A percentile of more than the maximum covers could exceed it.
        for (Cell<std::uint32_t> &count : entry.lateness)
            count.set(0);
    }
}

Nanoseconds TimerTable::latenessP99(const Entry &entry)
{
    std::array<std::uint64_t, LatenessBuckets> counts;
    std::uint64_t all = 0;
    for (std::uint32_t i = 0; i < LatenessBuckets; ++i)
        all += counts[i] = entry.lateness[i].get();
    std::uint64_t seen = 0;
    std::uint32_t bucket = 0;
    for (; bucket < LatenessBuckets - 1 && (seen += counts[bucket]) * 100 < all * 99; ++bucket) {}
    // The middle of a bucket may lie above all that is in it.
    return std::min<Nanoseconds>(std::chrono::microseconds(middleUs(bucket)),
                                 Nanoseconds(entry.latenessMax.get()));
}

std::optional<TimerStats> TimerTable::statsOf(const Entry &entry)
{
    const std::uint64_t version = entry.published.version();
    const std::optional<Identity> identity = entry.published.load();
    const std::uint64_t fired = entry.fired.get();
    if (!identity || fired == 0)
        return std::nullopt;
    TimerStats stats;
    stats.id = entry.id.get();
    stats.fired = fired;
    stats.total = Nanoseconds(entry.total.get());
    stats.max = Nanoseconds(entry.max.get());
    stats.latenessMean = Nanoseconds(entry.latenessTotal.get()) / static_cast<std::int64_t>(fired);
    stats.latenessP99 = latenessP99(entry);
    stats.latenessMax = Nanoseconds(entry.latenessMax.get());
    if (entry.published.version() != version)
        return std::nullopt; // changing hands right now
    stats.className = identity->className.toString();
    stats.objectName = identity->objectName.toString();
    stats.interval = Nanoseconds(identity->interval);
    stats.type = static_cast<Qt::TimerType>(identity->type);
    return stats;
}

std::vector<TimerStats> TimerTable::snapshot() const
{
    std::vector<TimerStats> result;
    for (const Entry &entry : m_entries) {
        if (std::optional<TimerStats> stats = statsOf(entry))
            result.push_back(std::move(*stats));
    }
    std::sort(result.begin(), result.end(),
              [](const TimerStats &a, const TimerStats &b) { return a.total > b.total; });
    return result;
}

} // namespace Flywheel
