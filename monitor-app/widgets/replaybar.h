// SPDX-License-Identifier: MIT
#pragma once

#include "model/replay.h"

#include <QtWidgets/qslider.h>
#include <QtWidgets/qtoolbar.h>

#include <vector>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// A slider over the time of a recording that also shows where stalls ended.
class TimeLine : public QSlider
{
    Q_OBJECT
public:
    explicit TimeLine(QWidget *parent = nullptr);
    /// Shares of the whole, 0 to 1.
    void setMarks(std::vector<double> marks);

protected:
    void paintEvent(QPaintEvent *event) override;
    /// Goes to where it was pressed and on with the pointer; QSlider's own moves by pages.
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    int valueAt(double x) const;

    std::vector<double> m_marks;
};

/// Play, speed and scrub: shown while a recording is open.
class ReplayBar : public QToolBar
{
    Q_OBJECT
public:
    explicit ReplayBar(QWidget *parent = nullptr);

    /// Null: no recording is open. \a replay must outlive the bar or be replaced before it goes.
    void setReplay(Replay *replay);
    QAction *playAction() const { return m_play; }
    QComboBox *speed() const { return m_speed; }
    TimeLine *timeLine() const { return m_timeLine; }

Q_SIGNALS:
    void closeRequested();

private:
    void togglePlaying();
    void scrub(int position);
    void follow();

    Replay *m_replay = nullptr;
    QAction *m_play;
    QComboBox *m_speed;
    TimeLine *m_timeLine;
    QLabel *m_position;
};

} // namespace Flywheel::Monitor
