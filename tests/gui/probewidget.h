// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qtimer.h>
#include <QtGui/qevent.h>
#include <QtWidgets/qwidget.h>

#include <functional>

/// A widget that reports what reaches it.
class ProbeWidget : public QWidget
{
public:
    /// With a position of its own: one that the window manager chose would be known too late for input.
    explicit ProbeWidget(QWidget *parent = nullptr) : QWidget(parent) { setGeometry(50, 50, 200, 150); }

    std::function<void()> painted = [] {};
    std::function<void()> activated = [] {};
    std::function<void(QMouseEvent *)> pressed = [](QMouseEvent *) {};
    std::function<void(QMouseEvent *)> moved = [](QMouseEvent *) {};
    std::function<void(const QString &)> typed = [](const QString &) {};

protected:
    void paintEvent(QPaintEvent *) override { painted(); }
    void mousePressEvent(QMouseEvent *event) override { pressed(event); }
    void mouseMoveEvent(QMouseEvent *event) override { moved(event); }
    void keyPressEvent(QKeyEvent *event) override { typed(event->text()); }
    void changeEvent(QEvent *event) override
    {
        if (event->type() == QEvent::ActivationChange && isActiveWindow())
            activated();
        QWidget::changeEvent(event);
    }
};

/// Shows \a widget and calls \a ready once it is painted and active: from then on it gets input. By a timer:
/// input that QTest makes runs a nested pass, which takes the interrupt of a pass that sends posted events,
/// with Qt's dispatcher too.
inline void showThen(ProbeWidget &widget, std::function<void()> ready)
{
    struct State
    {
        bool painted = false;
        bool active = false;
        bool done = false;
    };
    auto proceed = [ready = std::move(ready), context = &widget,
                    state = std::make_shared<State>()](bool State::*part) {
        (*state).*part = true;
        if (state->painted && state->active && !std::exchange(state->done, true))
            QTimer::singleShot(1, context, ready);
    };
    widget.painted = [proceed] { proceed(&State::painted); };
    widget.activated = [proceed] { proceed(&State::active); };
    widget.show();
    widget.activateWindow();
}
