// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qpoint.h>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

/// A user: on X11 the pointer and keyboard of the display (xdotool), which reach the application through the
/// X server and the window manager; on other platforms events in the window system's queue.
namespace RealInput {

/// Positions are in the widget. The widget must be exposed, and for key() active.
void click(QWidget &widget, QPoint position);
void key(QWidget &widget, char letter);
/// Presses at \a from, moves in steps to \a to and releases; goes on after it returned. X11 only.
void drag(QWidget &widget, QPoint from, QPoint to);

} // namespace RealInput
