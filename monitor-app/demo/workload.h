// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbasictimer.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>

#include <chrono>

namespace Flywheel::Demo {

/// What a period of the demo came to.
struct Figures
{
    int timerTicks = 0;                        ///< of the 1 ms timer
    std::chrono::nanoseconds worstLateness{0}; ///< of the 1 ms timer
    int postedEvents = 0;
    int stalls = 0;
};

/// The main thread's work: a 1 ms precise timer that watches its own lateness, bursts of posted events, and
/// now and then a slot that blocks for 120 ms, the fault that the demo is there to show.
class Workload : public QObject
{
    Q_OBJECT

public:
    explicit Workload(QObject *parent = nullptr);

    /// Since the last call.
    Figures takeFigures();

protected:
    void timerEvent(QTimerEvent *event) override;
    void customEvent(QEvent *event) override;

private:
    void tick();
    void postBurst();
    void block();

    QBasicTimer m_ticker;
    QBasicTimer m_burst;
    QBasicTimer m_blocker;
    QElapsedTimer m_sinceTick;
    Figures m_figures;
};

} // namespace Flywheel::Demo
