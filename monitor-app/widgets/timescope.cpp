// SPDX-License-Identifier: MIT
#include "timescope.h"

#include <algorithm>
#include <utility>

namespace Flywheel::Monitor {

void TimeScope::setNow(Time now)
{
    m_now = now;
    if (!m_frozen && !m_zoomed)
        follow();
}

void TimeScope::setKnownBegin(std::optional<Time> begin)
{
    m_knownBegin = begin;
    if (!m_frozen && !m_zoomed)
        follow();
}

Time TimeScope::dataBegin() const
{
    return std::min(m_knownBegin.value_or(m_now - m_window), m_now - ShortestWindow);
}

TimeSpan TimeScope::known() const
{
    const Time data = dataBegin();
    return {std::min(m_pastBegin.value_or(data), data), m_now};
}

void TimeScope::setWindow(Duration window)
{
    m_window = window;
    resetZoom();
}

void TimeScope::setFrozen(bool frozen)
{
    m_frozen = frozen;
    if (!m_frozen && !m_zoomed)
        follow();
}

void TimeScope::zoomTo(const TimeSpan &span)
{
    const Duration missing = std::max(Duration::zero(), ShortestSpan - span.length()) / 2;
    m_zoomed = true;
    setVisible({span.begin - missing, span.end + missing});
}

void TimeScope::zoomBy(double factor, Time around)
{
    const auto scaled = [factor](Duration duration) {
        return std::chrono::duration_cast<Duration>(duration * factor);
    };
    const TimeSpan limit = known();
    const Duration length = scaled(m_visible.length());
    if (length < ShortestSpan)
        return;
    if (factor > 1 && length >= limit.length())
        return zoomTo(limit);
    const Time begin = around - scaled(around - m_visible.begin);
    // What is visible may already reach over the edge, beside a stall at the begin: it need not jump then.
    const Time first = std::min(limit.begin, m_visible.begin);
    const Time last = std::max(limit.end, m_visible.end) - length;
    const Time moved = std::max(first, std::min(begin, last));
    zoomTo({moved, moved + length});
}

void TimeScope::panBy(Duration distance)
{
    const Duration least = std::min(known().begin - m_visible.begin, Duration::zero());
    const Duration most = std::max(known().end - m_visible.end, Duration::zero());
    const Duration moved = std::clamp(distance, least, most);
    if (moved != Duration::zero())
        zoomTo({m_visible.begin + moved, m_visible.end + moved});
}

void TimeScope::resetZoom()
{
    m_zoomed = false;
    follow();
}

void TimeScope::follow()
{
    setVisible({std::max(m_now - m_window, dataBegin()), m_now});
}

void TimeScope::setVisible(const TimeSpan &span)
{
    if (m_visible == span)
        return;
    m_visible = span;
    Q_EMIT visibleChanged();
}

void TimeScope::select(Time from, Time to)
{
    if (from == to)
        return clearSelection();
    m_selection = TimeSpan{std::min(from, to), std::max(from, to)};
    Q_EMIT selectionChanged();
}

void TimeScope::clearSelection()
{
    if (!std::exchange(m_selection, std::nullopt))
        return;
    Q_EMIT selectionChanged();
}

void TimeScope::setCursor(std::optional<Time> time)
{
    if (m_cursor == time)
        return;
    m_cursor = time;
    Q_EMIT cursorChanged();
}

} // namespace Flywheel::Monitor
