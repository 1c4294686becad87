// SPDX-License-Identifier: MIT
#include "gappedarea.h"

#include <QtGui/qpainter.h>

#include <algorithm>

namespace Flywheel::Monitor {

void GappedArea::setPoints(Points upper, Points lower)
{
    m_upper = std::move(upper);
    m_lower = std::move(lower);
}

/// Such a point adds nothing to the outline, but the rasterizer's time grows by the square of them.
bool GappedArea::isLevel(std::size_t i) const
{
    return m_lower[i - 1].value == m_lower[i].value && m_lower[i + 1].value == m_lower[i].value;
}

void GappedArea::paint(QPainter &painter, const Place &place) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_color);
    const std::size_t size = std::min(m_upper.size(), m_lower.size());
    for (std::size_t begin = 0, end = 0; begin < size; begin = end + 1) {
        for (end = begin; end < size && !m_upper[end].isGap(); ++end)
            ;
        QPolygonF outline;
        for (std::size_t i = begin; i < end; ++i)
            outline << place(m_upper[i]);
        for (std::size_t i = end; i > begin; --i)
            if (i == end || i == begin + 1 || !isLevel(i - 1))
                outline << place(m_lower[i - 1]);
        painter.drawPolygon(outline);
    }
}

} // namespace Flywheel::Monitor
