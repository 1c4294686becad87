// SPDX-License-Identifier: MIT
#include "tint.h"

#include <QtGui/qpainter.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr int MostRows = 64; ///< without antialiasing a row is a span

} // namespace

void tint(QPainter &painter, const QRectF &rect, const QColor &color)
{
    QRect whole = QRectF(rect.topLeft(), QSizeF(std::max(rect.width(), 1.0), rect.height())).toRect();
    whole.setWidth(std::max(whole.width(), 1));
    const bool wasSmooth = painter.testRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int top = whole.top(); top <= whole.bottom(); top += MostRows)
        painter.fillRect(whole.left(), top, whole.width(), std::min(MostRows, whole.bottom() + 1 - top),
                         color);
    painter.setRenderHint(QPainter::Antialiasing, wasSmooth);
}

} // namespace Flywheel::Monitor
