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
    const Duration length = scaled(m_visible.length());
    if (length < ShortestSpan || length > LongestSpan)
        return;
    const Time begin = around - scaled(around - m_visible.begin);
    zoomTo({begin, begin + length});
}

void TimeScope::resetZoom()
{
    m_zoomed = false;
    follow();
}

void TimeScope::follow()
{
    setVisible({m_now - m_window, m_now});
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
