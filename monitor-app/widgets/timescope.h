// SPDX-License-Identifier: MIT
#pragma once

#include "model/timespan.h"

#include <QtCore/qobject.h>

#include <optional>

namespace Flywheel::Monitor {

/// What part of time the window speaks of: what is visible, what is selected, where the pointer is. All
/// charts and tables share one.
class TimeScope : public QObject
{
    Q_OBJECT
public:
    static constexpr Duration ShortestSpan = std::chrono::microseconds(10); ///< a few short handlers
    /// What is visible at least while little is known and nothing is zoomed.
    static constexpr Duration ShortestWindow = std::chrono::seconds(10);

    using QObject::QObject;

    /// The end of what is known. Moves the visible span along unless it was zoomed or frozen.
    void setNow(Time now);
    Time now() const { return m_now; }
    /// Where the data begin: nothing before it is made visible, except to fill ShortestWindow. Nothing:
    /// unknown.
    void setKnownBegin(std::optional<Time> begin);
    /// Where that begins which is known of the time before the data: zooming and moving may go back to it.
    void setPastBegin(std::optional<Time> begin) { m_pastBegin = begin; }
    /// All that there is to see.
    TimeSpan known() const;
    /// How much of the past is visible when nothing is zoomed, if so much is known.
    void setWindow(Duration window);
    Duration window() const { return m_window; }
    /// Frozen, the view stays where it is while data go on coming in.
    void setFrozen(bool frozen);
    bool isFrozen() const { return m_frozen; }

    TimeSpan visible() const { return m_visible; }
    bool isZoomed() const { return m_zoomed; }
    void zoomTo(const TimeSpan &span);
    /// \a factor below 1 shows less; the moment \a around keeps its place on the screen, unless it would show
    /// more than known().
    void zoomBy(double factor, Time around);
    void resetZoom();
    /// Shows what lies \a distance later (less than 0: earlier), within known(), for as long.
    void panBy(Duration distance);

    std::optional<TimeSpan> selection() const { return m_selection; }
    /// The ends in either order; a span without length clears.
    void select(Time from, Time to);
    void clearSelection();
    /// What tables and figures speak of: the selection, or else all that is visible.
    TimeSpan focus() const { return m_selection.value_or(m_visible); }

    std::optional<Time> cursor() const { return m_cursor; }
    void setCursor(std::optional<Time> time);

Q_SIGNALS:
    void visibleChanged();
    void selectionChanged();
    void cursorChanged();

private:
    Time dataBegin() const;
    void follow();
    void setVisible(const TimeSpan &span);

    Time m_now{};
    std::optional<Time> m_knownBegin;
    std::optional<Time> m_pastBegin;
    Duration m_window = std::chrono::minutes(1);
    bool m_frozen = false;
    bool m_zoomed = false;
    TimeSpan m_visible{-std::chrono::minutes(1), Time::zero()};
    std::optional<TimeSpan> m_selection;
    std::optional<Time> m_cursor;
};

} // namespace Flywheel::Monitor
