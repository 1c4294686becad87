// SPDX-License-Identifier: MIT
#pragma once

#include "timers/coarsetimer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

QT_BEGIN_NAMESPACE
class QObject;
QT_END_NAMESPACE

namespace Flywheel::Test {

/// What TimerQueue promises, written down in the plainest way: one map, sorted by deadline and order of
/// start; a batch is the list of starts that were due when it began.
class NaiveTimers
{
public:
    void insert(int id, Nanoseconds interval, Qt::TimerType type, const QObject *object, Instant now)
    {
        remove(id);
        const TimerPlan plan = planTimer(type, interval, now);
        m_timers.emplace(Key{plan.deadline, m_order++},
                         Timer{id, plan.interval, plan.type, object, plan.exact, false});
    }

    bool remove(int id)
    {
        return std::erase_if(m_timers, [&](const auto &entry) { return entry.second.id == id; }) > 0;
    }

    void removeAll(const QObject *object)
    {
        std::erase_if(m_timers, [&](const auto &entry) { return entry.second.object == object; });
    }

    bool isEmpty() const { return m_timers.empty(); }

    Instant nextDeadline() const
    {
        const auto next = std::find_if(m_timers.begin(), m_timers.end(),
                                       [](const auto &entry) { return !entry.second.active; });
        return next == m_timers.end() ? Never : next->first.first;
    }

    std::optional<Instant> deadlineOf(int id) const
    {
        for (const auto &[key, timer] : m_timers) {
            if (timer.id == id)
                return key.first;
        }
        return std::nullopt;
    }

    std::vector<int> timersOf(const QObject *object) const
    {
        std::vector<int> ids;
        for (const auto &[key, timer] : m_timers) {
            if (timer.object == object)
                ids.push_back(timer.id);
        }
        return ids;
    }

    struct Batch
    {
        Instant now;
        std::vector<int> starts;
    };

    Batch beginBatch(Instant now)
    {
        Batch batch{now, {}};
        std::multimap<Key, Timer> timers;
        for (auto [key, timer] : m_timers) {
            auto [deadline, start] = key;
            if (deadline <= now && !timer.active)
                batch.starts.push_back(start);
            if (deadline <= now && timer.active)
                deadline = advance(timer, now);
            timers.emplace(Key{deadline, start}, timer);
        }
        m_timers.swap(timers);
        return batch;
    }

    /// The id, and the order of start to finish() with.
    std::optional<std::pair<int, int>> takeDue(Batch &batch)
    {
        while (!batch.starts.empty()) {
            const int start = batch.starts.front();
            batch.starts.erase(batch.starts.begin());
            const auto found = find(start);
            if (found == m_timers.end() || found->second.active)
                continue;
            Timer timer = found->second;
            timer.active = true;
            const Instant next = advance(timer, batch.now);
            m_timers.erase(found);
            m_timers.emplace(Key{next, start}, timer);
            return std::pair(timer.id, start);
        }
        return std::nullopt;
    }

    void finish(int start)
    {
        const auto found = find(start);
        if (found == m_timers.end())
            return;
        const Instant deadline = found->first.first;
        Timer timer = found->second;
        timer.active = false;
        m_timers.erase(found);
        m_timers.emplace(Key{deadline, m_order++}, timer);
    }

private:
    using Key = std::pair<Instant, int>;
    struct Timer
    {
        int id;
        Nanoseconds interval;
        Qt::TimerType type;
        const QObject *object;
        Instant exact;
        bool active;
    };

    static Instant advance(Timer &timer, Instant now)
    {
        const Deadline next = followingDeadline(timer.type, timer.interval, timer.exact, now);
        timer.exact = next.exact;
        return next.due;
    }

    std::multimap<Key, Timer>::iterator find(int start)
    {
        return std::find_if(m_timers.begin(), m_timers.end(),
                            [&](const auto &entry) { return entry.first.second == start; });
    }

    std::multimap<Key, Timer> m_timers;
    int m_order = 0;
};

} // namespace Flywheel::Test
