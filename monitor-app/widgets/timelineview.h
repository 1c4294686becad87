// SPDX-License-Identifier: MIT
#pragma once

#include "plotoverlay.h"
#include "timelinelane.h"
#include "timescope.h"

#include <QtCore/qlist.h>
#include <QtCore/qpointer.h>
#include <QtWidgets/qwidget.h>

#include <optional>
#include <vector>

namespace Flywheel::Monitor {

/// The single handlers of the selected loops over the shared time axis: a lane for each loop. The header
/// tells of the handler at the cursor, or else of the one that was clicked.
class TimelineView : public QWidget
{
    Q_OBJECT
public:
    explicit TimelineView(TimeScope &scope, QWidget *parent = nullptr);

    void setLoops(const QList<Loop *> &loops);
    void setWallOffset(Duration offset) { m_overlay.wallOffset = offset; }
    /// Where the handlers begin that are known, at most ten minutes ago.
    std::optional<Time> dataBegin() const;
    /// Those that have room, from top to bottom.
    std::vector<TimelineLane> lanes() const;
    QRectF plotRect() const;
    const PlotOverlay &overlay() const { return m_overlay; }
    /// What the header tells; empty if there is nothing to tell.
    QString readOut() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// A handler was clicked that was a stall.
    void stallClicked(Flywheel::Monitor::Loop *loop, std::chrono::nanoseconds began);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    /// Sees what the pointer does before TimeInput takes it.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    /// One row of one lane; without a loop: none.
    struct Place
    {
        QPointer<Loop> loop;
        int row = 0;
    };

    QList<Loop *> loops() const;
    Place placeAt(double y) const;
    /// How far from a moment a handler may lie that is meant by it: a pixel and a half.
    Duration reach() const;
    std::optional<NamedHandler> handlerAt(const Place &place, Time time) const;
    QString textAt(const Place &place, Time time) const;
    void choose(const Place &place, Time time);
    void moveFocus(int rows);
    void fillOverlay(const QString &readOut);
    void paintLanes(QPainter &painter);
    void paintName(QPainter &painter, const TimelineLane &lane) const;
    void paintReadOut(QPainter &painter, const QRectF &plot, const QString &text) const;

    TimeScope &m_scope;
    PlotOverlay m_overlay;
    QList<QPointer<Loop>> m_loops;
    Place m_place; ///< that the pointer or the keys are at
    Place m_chosenPlace;
    std::optional<NamedHandler> m_chosen;
};

} // namespace Flywheel::Monitor
