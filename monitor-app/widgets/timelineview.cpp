// SPDX-License-Identifier: MIT
#include "timelineview.h"

#include "model/format.h"
#include "model/handlertext.h"
#include "model/process.h"
#include "model/stallspan.h"
#include "model/timelinerows.h"
#include "theme.h"
#include "timeinput.h"

#include <QtGui/qevent.h>
#include <QtGui/qpainter.h>
#include <QtWidgets/qtooltip.h>

#include <algorithm>
#include <cmath>

namespace Flywheel::Monitor {

namespace {

constexpr Duration LongestPast = std::chrono::minutes(10); ///< as charts show at most
constexpr double LaneGap = 4;
constexpr double LowestRow = 6;
constexpr int RowPadding = 4; ///< around a name in a row
constexpr double ReachPixels = 1.5;
constexpr int FewestRows = 2; ///< that the view asks room for

/// The stall of \a loop near a moment, of which no handler may be known.
std::optional<Stall> stallAt(const Loop &loop, TimeSpan near, Time now)
{
    if (const auto &stall = loop.ongoingStall())
        if (near.overlaps({stall->beganMonotonic, std::max(now, spanOf(*stall).end)}))
            return stall;
    const std::vector<Stall> stalls = loop.stalls(near);
    return stalls.empty() ? std::nullopt : std::optional(stalls.front());
}

} // namespace

TimelineView::TimelineView(TimeScope &scope, QWidget *parent) : QWidget(parent), m_scope(scope)
{
    m_overlay.title = tr("Timeline");
    setAccessibleName(m_overlay.title);
    setFocusPolicy(Qt::StrongFocus);
    auto *input = new TimeInput(this, scope, m_overlay, [this] { return plotRect(); });
    installEventFilter(this); // filters that come later see events first
    connect(input, &TimeInput::clicked, this, [this](const QPointF &position) {
        choose(placeAt(position.y()), m_overlay.timeOf(position.x(), plotRect()));
    });
    const auto redraw = [this] {
        m_overlay.span = m_scope.visible(); // what comes before the next painting is about it, too
        update();
    };
    redraw();
    connect(&scope, &TimeScope::visibleChanged, this, redraw);
    connect(&scope, &TimeScope::selectionChanged, this, redraw);
    connect(&scope, &TimeScope::cursorChanged, this, redraw);
}

void TimelineView::setLoops(const QList<Loop *> &loops)
{
    m_loops.clear();
    for (Loop *loop : loops)
        m_loops.push_back(loop);
    if (!loops.contains(m_place.loop.data()))
        m_place = {loops.isEmpty() ? nullptr : loops.front(), 0};
    if (!loops.contains(m_chosenPlace.loop.data()))
        m_chosen.reset();
    update();
}

QList<Loop *> TimelineView::loops() const
{
    QList<Loop *> result;
    for (const QPointer<Loop> &loop : m_loops) {
        if (loop)
            result.push_back(loop);
    }
    return result;
}

QRectF TimelineView::plotRect() const
{
    return PlotMargins::of(font()).plotIn(rect());
}

std::optional<Time> TimelineView::dataBegin() const
{
    std::optional<Time> begin;
    for (const Loop *loop : loops()) {
        const TimeSpan known = loop->handlers().known();
        if (!known.isEmpty())
            begin = std::min(begin.value_or(known.begin), known.begin);
    }
    return begin ? std::optional(std::max(*begin, m_scope.now() - LongestPast)) : begin;
}

std::vector<TimelineLane> TimelineView::lanes() const
{
    const QRectF plot = plotRect();
    const QList<Loop *> all = loops();
    int rows = 0;
    for (const Loop *loop : all)
        rows += TimelineLane::rowsOf(*loop);
    const double room = plot.height() - LaneGap * double(std::max<qsizetype>(all.size() - 1, 0));
    const double highest = fontMetrics().height() + RowPadding;
    const double height = std::clamp(room / std::max(rows, 1), LowestRow, std::max(highest, LowestRow));
    std::vector<TimelineLane> result;
    double top = plot.top();
    for (Loop *loop : all) {
        const int own = TimelineLane::rowsOf(*loop);
        const QRectF rect(plot.left(), top, plot.width(), own * height);
        if (rect.bottom() > plot.bottom() + 1 && !result.empty())
            break;
        result.push_back({loop, rect, own});
        top = rect.bottom() + LaneGap;
    }
    return result;
}

TimelineView::Place TimelineView::placeAt(double y) const
{
    for (const TimelineLane &lane : lanes()) {
        if (y >= lane.rect.top() && y <= lane.rect.bottom())
            return {lane.loop, lane.rowAt(y)};
    }
    return {};
}

Duration TimelineView::reach() const
{
    const double share = ReachPixels / std::max(plotRect().width(), 1.0);
    return std::max(std::chrono::duration_cast<Duration>(m_scope.visible().length() * share), Duration(1));
}

std::optional<NamedHandler> TimelineView::handlerAt(const Place &place, Time time) const
{
    return Monitor::handlerAt(place.loop->handlers(), time, reach(), place.row,
                              TimelineLane::rowsOf(*place.loop));
}

QString TimelineView::textAt(const Place &place, Time time) const
{
    if (!place.loop)
        return {};
    const Loop &loop = *place.loop;
    if (const auto handler = handlerAt(place, time)) {
        const QString line = handlerLine(*handler, m_overlay.wallOffset);
        return stallOf(loop, handler->handler) ? tr("%1 · a stall").arg(line) : line;
    }
    if (const auto &running = loop.handlers().running(); running && running->handler.begin <= time) {
        const QString since = Format::clockTime(running->handler.begin + m_overlay.wallOffset, 6);
        return (loop.isRunning() ? tr("%1 · runs since %2") : tr("%1 · ran when the loop ended, since %2"))
            .arg(handlerCulprit(*running), since);
    }
    const auto stall = stallAt(loop, {time - reach(), time + reach()}, m_scope.now());
    if (stall)
        return tr("%1 · stalled for %2").arg(stallCulprit(*stall), Format::duration(stall->duration));
    const TimeSpan known = loop.handlers().known();
    const auto &gaps = loop.handlers().gaps();
    const bool isGap =
        std::any_of(gaps.begin(), gaps.end(), [&](const TimeSpan &gap) { return gap.contains(time); });
    return isGap || time < known.begin || time > known.end ? tr("not recorded") : tr("no handler");
}

QString TimelineView::readOut() const
{
    if (!m_scope.cursor() || !m_place.loop)
        return m_chosen && m_chosenPlace.loop ? handlerLine(*m_chosen, m_overlay.wallOffset) : QString();
    return QStringLiteral("%1 · %2: %3")
        .arg(Format::clockTime(*m_scope.cursor() + m_overlay.wallOffset, decimalsIn(m_scope.visible())),
             m_place.loop->name(), textAt(m_place, *m_scope.cursor()));
}

void TimelineView::choose(const Place &place, Time time)
{
    if (!place.loop)
        return;
    m_place = place;
    m_chosenPlace = place;
    m_chosen = handlerAt(place, time);
    update();
    const Stall *const own = m_chosen ? stallOf(*place.loop, m_chosen->handler) : nullptr;
    const auto stall = own        ? std::optional(*own)
                       : m_chosen ? std::nullopt
                                  : stallAt(*place.loop, {time - reach(), time + reach()}, m_scope.now());
    if (stall)
        Q_EMIT stallClicked(place.loop, stall->beganMonotonic);
}

bool TimelineView::eventFilter(QObject *, QEvent *event)
{
    if (event->type() == QEvent::MouseMove) {
        if (const Place place = placeAt(static_cast<QMouseEvent &>(*event).position().y()); place.loop)
            m_place = place;
        update();
    } else if (event->type() == QEvent::ToolTip) {
        const auto &help = static_cast<QHelpEvent &>(*event);
        const Place place = placeAt(help.pos().y());
        if (!place.loop || !plotRect().contains(help.pos()))
            return false;
        QString text = textAt(place, m_overlay.timeOf(help.pos().x(), plotRect()));
        text.replace(QStringLiteral(" · "), QStringLiteral("\n"));
        QToolTip::showText(help.globalPos(), Format::literally(text), this);
        return true;
    }
    return false;
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Up:
        return moveFocus(-1);
    case Qt::Key_Down:
        return moveFocus(1);
    case Qt::Key_Return:
        if (m_scope.cursor())
            choose(m_place, *m_scope.cursor());
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void TimelineView::moveFocus(int rows)
{
    std::vector<Place> places;
    std::size_t at = 0;
    for (const TimelineLane &lane : lanes()) {
        for (int row = 0; row < lane.rows; ++row) {
            if (lane.loop == m_place.loop && row == m_place.row)
                at = places.size();
            places.push_back({lane.loop, row});
        }
    }
    const auto next = static_cast<std::ptrdiff_t>(at) + rows;
    if (next >= 0 && next < std::ssize(places))
        m_place = places[static_cast<std::size_t>(next)];
    update();
}

QSize TimelineView::sizeHint() const
{
    int rows = 0;
    for (const Loop *loop : loops())
        rows += TimelineLane::rowsOf(*loop);
    const PlotMargins margins = PlotMargins::of(font());
    const int height = std::max(rows, FewestRows) * (fontMetrics().height() + RowPadding + int(LaneGap));
    return {600, margins.top + margins.bottom + height};
}

QSize TimelineView::minimumSizeHint() const
{
    const PlotMargins margins = PlotMargins::of(font());
    return {200, margins.top + margins.bottom + FewestRows * fontMetrics().height()};
}

void TimelineView::fillOverlay(const QString &readOut)
{
    m_overlay.selection = m_scope.selection();
    m_overlay.cursor = m_scope.cursor();
    m_overlay.legend.clear();
    const auto all = loops().size();
    const auto shown = static_cast<qsizetype>(lanes().size());
    m_overlay.title = shown < all ? tr("Timeline, %1 of %2 loops").arg(shown).arg(all) : tr("Timeline");
    if (!readOut.isEmpty())
        return;
    const Theme &theme = Theme::current();
    const auto add = [this](const QString &name, const QColor &color) {
        m_overlay.legend.push_back({name, color, 1, Qt::SolidLine, true, {}});
    };
    for (const HandlerKind kind : {HandlerKind::Timer, HandlerKind::Notifier, HandlerKind::PostedBatch,
                                   HandlerKind::Task, HandlerKind::WindowEvent})
        add(Format::handlerKind(kind), theme.of(kind));
    add(tr("stall"), theme.vermillion);
}

void TimelineView::paintName(QPainter &painter, const TimelineLane &lane) const
{
    const Theme &theme = Theme::current();
    const QRectF first = lane.rowRect(0);
    const int height = fontMetrics().height();
    const QRectF room(6, first.top(), lane.rect.left() - 12, std::max(first.height(), double(height)));
    painter.setPen(theme.text);
    painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                     fontMetrics().elidedText(lane.loop->name(), Qt::ElideMiddle, int(room.width())));
    if (hasFocus() && lane.loop == m_place.loop)
        painter.fillRect(QRectF(lane.rect.left() - 4, lane.rowRect(m_place.row).top(), 3,
                                lane.rowRect(m_place.row).height()),
                         theme.accent);
}

void TimelineView::paintLanes(QPainter &painter)
{
    for (const TimelineLane &lane : lanes()) {
        const bool hasChosen = m_chosen && m_chosenPlace.loop == lane.loop;
        paintLane(
            painter, lane,
            {m_overlay.span, m_scope.now(), hasChosen ? std::optional(m_chosen->handler) : std::nullopt});
        paintName(painter, lane);
        painter.setPen(Theme::current().grid);
        painter.drawLine(QPointF(lane.rect.left(), std::round(lane.rect.bottom()) + LaneGap / 2),
                         QPointF(lane.rect.right(), std::round(lane.rect.bottom()) + LaneGap / 2));
    }
}

void TimelineView::paintReadOut(QPainter &painter, const QRectF &plot, const QString &text) const
{
    QFont bold = font();
    bold.setBold(true);
    const double left = 8 + QFontMetricsF(bold).horizontalAdvance(m_overlay.title) + 14;
    const double height = fontMetrics().height();
    const QRectF room(left, plot.top() - height - 8, width() - left - 8, height);
    painter.setPen(Theme::current().text);
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     fontMetrics().elidedText(text, Qt::ElideRight, int(room.width())));
}

void TimelineView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().base);
    const QRectF plot = plotRect();
    const QString text = readOut();
    fillOverlay(text);
    paintLanes(painter);
    painter.setPen(Theme::current().grid);
    painter.drawLine(plot.topLeft(), plot.bottomLeft());
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    m_overlay.paint(painter, plot);
    paintReadOut(painter, plot, text);
    if (hasFocus())
        paintFocus(painter, rect());
}

void TimelineView::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void TimelineView::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace Flywheel::Monitor
