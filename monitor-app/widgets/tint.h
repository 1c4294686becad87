// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qrect.h>
#include <QtGui/qcolor.h>

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// Fills \a rect, on whole pixels and at least one wide, with a \a color that may be translucent.
///
/// Cheap in each frame: Qt's raster engine hands fills of 96 spans (rows of pixels) and more to a thread pool
/// and waits for it (QT_THREAD_PARALLEL_FILLS in qdrawhelper.cpp), which costs far more than the pixels do.
void tint(QPainter &painter, const QRectF &rect, const QColor &color);

} // namespace Flywheel::Monitor
