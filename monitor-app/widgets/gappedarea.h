// SPDX-License-Identifier: MIT
#pragma once

#include "gappedline.h"

#include <QtGui/qcolor.h>

#include <functional>

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// The area between two lines that share their times and their gaps.
///
/// No QAreaSeries: that one outlines both of its lines anew whenever one of them or the axis changes, which
/// took a third of the window's processor time.
class GappedArea
{
public:
    /// Where a point lies in the device.
    using Place = std::function<QPointF(const Point &)>;

    /// An opaque colour costs least (see tint.h).
    void setColor(const QColor &color) { m_color = color; }
    void setPoints(Points upper, Points lower);
    const Points &upper() const { return m_upper; }
    const Points &lower() const { return m_lower; }
    void paint(QPainter &painter, const Place &place) const;

private:
    bool isLevel(std::size_t i) const;

    QColor m_color;
    Points m_upper, m_lower;
};

} // namespace Flywheel::Monitor
