// SPDX-License-Identifier: MIT
#pragma once

#include "model/decimate.h"
#include "timechart.h"

#include <QtGui/qimage.h>
#include <QtWidgets/qwidget.h>

#include <cmath>

/// Made-up curves and a look at what is drawn.
namespace Flywheel::Monitor::Test {

inline constexpr TimeSpan Minute{std::chrono::minutes(10), std::chrono::minutes(11)};

/// A point each 100 ms of \a span; \a value(seconds since its begin).
template <typename Value>
std::vector<Point> curve(TimeSpan span, Value &&value)
{
    std::vector<Point> points;
    for (Time at = span.begin; at <= span.end; at += std::chrono::milliseconds(100))
        points.push_back({at, value(std::chrono::duration<double>(at - span.begin).count())});
    return points;
}

/// How many pixels of \a part look like \a color, give or take a little.
inline int pixelsLike(const QImage &image, const QRect &part, const QColor &color, int tolerance = 24)
{
    const QRect rect = part & image.rect();
    int count = 0;
    for (int y = rect.top(); y <= rect.bottom(); ++y)
        for (int x = rect.left(); x <= rect.right(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            count += std::abs(pixel.red() - color.red()) <= tolerance &&
                     std::abs(pixel.green() - color.green()) <= tolerance &&
                     std::abs(pixel.blue() - color.blue()) <= tolerance;
        }
    return count;
}

/// What stands beside the left axis, from below.
inline QStringList labelsOf(TimeChart &chart)
{
    chart.grab();
    QStringList labels;
    for (const Tick &tick : chart.overlay().left)
        if (!tick.label.isEmpty())
            labels << tick.label;
    return labels;
}

inline QImage drawn(QWidget &widget)
{
    return widget.grab().toImage();
}

} // namespace Flywheel::Monitor::Test
