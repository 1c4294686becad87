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
};

/// The main thread's work: a 1 ms precise timer that watches its own lateness, slower ones of the other
/// types, a zero timer that has something to do now and then, and bursts of posted events.
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
    void indexSome();

    QBasicTimer m_ticker;
    QBasicTimer m_burst;
    QBasicTimer m_heartbeat;
    QBasicTimer m_housekeeping;
    QBasicTimer m_indexing; ///< a zero timer: while there is something to do
    int m_unindexed = 0;
    QElapsedTimer m_sinceTick;
    Figures m_figures;
};

} // namespace Flywheel::Demo
