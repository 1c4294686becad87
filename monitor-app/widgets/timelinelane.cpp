// SPDX-License-Identifier: MIT
#include "timelinelane.h"

#include "loopcurves.h"
#include "model/handlerreader.h"
#include "model/handlertext.h"
#include "model/process.h"
#include "model/stallspan.h"
#include "model/timelinerows.h"
#include "theme.h"

#include <QtCore/qcoreapplication.h>
#include <QtGui/qimage.h>
#include <QtGui/qpainter.h>

#include <algorithm>
#include <cmath>

namespace Flywheel::Monitor {

namespace {

constexpr double FaintestColumn = 0.35; ///< of a column's colour: one short handler is seen
constexpr double NarrowestText = 30;    ///< in pixels: less shows no word
constexpr double NarrowestStall = 2;
constexpr double BarGap = 1; ///< between bars that follow each other
constexpr double WidestWithoutGap = 3;
/// Frames of several programs, and what is read after them, come one after the other.
constexpr Duration AtOnce = std::chrono::milliseconds(300);

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::TimelineLane", text);
}

/// Black or white, whichever reads better on \a ground.
QColor inkOn(const QColor &ground)
{
    constexpr int Middle = 140;
    return qGray(ground.rgb()) > Middle ? QColor(Qt::black) : QColor(Qt::white);
}

/// One lane while it is drawn.
class LanePainter
{
public:
    LanePainter(QPainter &painter, const TimelineLane &lane, const TimelineMoment &moment)
        : m_painter(painter)
        , m_lane(lane)
        , m_moment(moment)
        , m_log(lane.loop->handlers())
        , m_metrics(painter.font())
    {
    }

    void paint()
    {
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        paintUnknown();
        paintUnfinished();
        const auto columns = std::max(1, int(m_lane.rect.width()));
        const auto rows = timelineRows(m_log, m_moment.span, columns, m_lane.rows);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            paintColumns(rows[row], m_lane.rowRect(int(row)));
            for (const TimelineBar &bar : rows[row].bars)
                paintBar(bar, m_lane.rowRect(int(row)));
        }
        paintRunning();
        paintStalls(rows);
        paintChosen();
        paintReason();
    }

private:
    double xOf(Time time) const
    {
        const double share = double((time - m_moment.span.begin).count()) /
                             double(std::max<Duration::rep>(m_moment.span.length().count(), 1));
        return m_lane.rect.left() + std::clamp(share, -1.0, 2.0) * m_lane.rect.width();
    }
    /// On whole pixels, as wide as \a least; empty outside of the lane.
    QRectF rectOf(TimeSpan span, const QRectF &row, double least) const
    {
        const double left = std::max(std::floor(xOf(span.begin)), row.left());
        const double right = std::min(std::max(std::round(xOf(span.end)), left + least), row.right());
        return {left, row.top(), right - left, row.height()};
    }

    void paintUnknown()
    {
        const TimeSpan known = m_log.known();
        if (known.isEmpty())
            return paintHatched(m_moment.span);
        paintHatched({m_moment.span.begin, known.begin});
        for (const TimeSpan &gap : m_log.gaps())
            paintHatched(gap);
        if (m_moment.now - known.end > AtOnce)
            paintHatched({known.end, m_moment.now});
    }
    /// Handlers that have not ended, but inside of which others have.
    void paintUnfinished()
    {
        const QColor color = mixed(Theme::current().base, Theme::current().quiet, 0.5);
        const Time end = m_lane.loop->isRunning() ? m_moment.now : m_log.known().end;
        for (int row = 0; row + 1 < m_lane.rows; ++row) {
            const auto since = m_log.openSince(row + 1);
            if (!since || !TimeSpan{*since, end}.overlaps(m_moment.span))
                continue;
            const QRectF rect = rectOf({*since, end}, m_lane.rowRect(row), 1);
            m_painter.fillRect(rect, color);
            paintText(tr("has not ended yet"), rect, inkOn(color));
        }
    }
    void paintHatched(TimeSpan span)
    {
        const QRectF rect = rectOf(span, m_lane.rect, 1);
        if (!span.overlaps(m_moment.span) || rect.width() < 1)
            return;
        QColor line = Theme::current().quiet;
        line.setAlpha(90);
        m_painter.fillRect(rect, QBrush(line, Qt::BDiagPattern));
        if (!m_log.known().isEmpty())
            paintText(tr("not recorded"), rect, Theme::current().quiet, Theme::current().base);
    }

    void paintColumns(const TimelineRow &row, const QRectF &rect)
    {
        const QColor ground = Theme::current().base;
        QImage line(int(row.columns.size()), 1, QImage::Format_ARGB32_Premultiplied);
        line.fill(Qt::transparent);
        auto *pixels = reinterpret_cast<QRgb *>(line.scanLine(0));
        bool isEmpty = true;
        for (std::size_t i = 0; i < row.columns.size(); ++i) {
            const TimelineColumn &column = row.columns[i];
            if (column.count == 0)
                continue;
            const double strength = FaintestColumn + (1 - FaintestColumn) * column.busy();
            pixels[i] = mixed(ground, Theme::current().of(column.kind()), strength).rgb();
            isEmpty = false;
        }
        if (!isEmpty)
            m_painter.drawImage(rect, line);
    }
    void paintBar(const TimelineBar &bar, const QRectF &row)
    {
        QRectF rect = rectOf({bar.handler.begin, bar.handler.end}, row, 1);
        if (rect.width() > WidestWithoutGap)
            rect.setRight(rect.right() - BarGap);
        if (rect.width() < 1)
            return;
        const QColor color = colorOf(bar.handler.kind);
        m_painter.fillRect(rect, color);
        if (rect.width() >= NarrowestText)
            paintText(shortBlame(handlerBlame(m_log.named(bar.handler))), rect, inkOn(color));
    }
    /// Behind its events, which it contains.
    static QColor colorOf(HandlerKind kind)
    {
        const Theme &theme = Theme::current();
        return kind == HandlerKind::PostedBatch ? mixed(theme.base, theme.of(kind), 0.5) : theme.of(kind);
    }

    void paintRunning()
    {
        const auto &running = m_log.running();
        if (!running)
            return;
        const bool hasEnded = !m_lane.loop->isRunning();
        const Time end = hasEnded ? std::max(m_log.known().end, running->handler.end) : m_moment.now;
        const QRectF rect =
            rectOf({running->handler.begin, end}, m_lane.rowRect(rowOfRunning()), NarrowestStall);
        if (rect.width() < 1 || end < m_moment.span.begin)
            return;
        const Theme &theme = Theme::current();
        const QColor color = hasEnded ? theme.vermillion : theme.of(running->handler.kind);
        m_painter.fillRect(rect, color);
        const QString who = shortBlame(handlerBlame(*running));
        paintText(hasEnded ? tr("ended in %1").arg(who) : who, rect, inkOn(color));
    }
    int rowOfRunning() const
    {
        return std::clamp(int(m_lane.loop->latest().nestingDepth) - 1, 0, m_lane.rows - 1);
    }

    void paintStalls(const std::vector<TimelineRow> &rows)
    {
        for (const Stall &stall : m_lane.loop->stalls(m_moment.span))
            paintStall(stall, spanOf(stall), rows);
        if (const auto &stall = m_lane.loop->ongoingStall())
            paintStall(*stall, {stall->beganMonotonic, std::max(m_moment.now, spanOf(*stall).end)}, rows);
    }
    void paintStall(const Stall &stall, TimeSpan span, const std::vector<TimelineRow> &rows)
    {
        QRectF rect = rectOf(span, m_lane.rowRect(rowOf(stall, rows)), NarrowestStall);
        if (rect.width() < 1 || !span.overlaps(m_moment.span))
            return;
        const QColor color = Theme::current().vermillion;
        // The handlers of a pass that was too long as a whole stay to be seen.
        const QRectF ground = stall.wholePass ? QRectF(rect.topLeft(), QSizeF(rect.width(), 3)) : rect;
        m_painter.fillRect(ground, color);
        if (!stall.wholePass)
            paintText(stallLabel(stall), rect, inkOn(color));
    }
    /// A stall does not say how deep it was, but its handler does.
    int rowOf(const Stall &stall, const std::vector<TimelineRow> &rows) const
    {
        for (std::size_t row = rows.size(); row-- > 1;) {
            for (const TimelineBar &bar : rows[row].bars) {
                const TimeSpan of{bar.handler.begin, bar.handler.end};
                if (bar.handler.kind == stall.kind && of.overlaps(spanOf(stall)))
                    return int(row);
            }
        }
        const bool goesOn =
            m_lane.loop->ongoingStall() && m_lane.loop->ongoingStall()->number == stall.number;
        return goesOn ? rowOfRunning() : 0;
    }

    void paintChosen()
    {
        const TimeSpan span =
            m_moment.chosen ? TimeSpan{m_moment.chosen->begin, m_moment.chosen->end} : TimeSpan();
        if (!m_moment.chosen || span.begin >= m_moment.span.end || span.end < m_moment.span.begin)
            return;
        const int row = timelineRowOf(*m_moment.chosen, m_lane.rows);
        const QRectF rect = rectOf(span, m_lane.rowRect(row), 3).adjusted(0, 0, -1, -1);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.setPen(QPen(Theme::current().text, 2));
        m_painter.drawRect(rect.adjusted(-1, 0, 1, 0));
    }
    void paintReason()
    {
        if (const QString reason = whyNoHandlers(*m_lane.loop); !reason.isEmpty())
            paintText(reason, m_lane.rect, Theme::current().text, Theme::current().base);
    }

    /// Where there is room for a word. \a ground: behind it, invalid for none.
    void paintText(const QString &text, const QRectF &rect, const QColor &ink, const QColor &ground = {})
    {
        if (rect.width() < NarrowestText || rect.height() < m_metrics.ascent())
            return;
        const QString shown = m_metrics.elidedText(text, Qt::ElideRight, rect.width() - 6);
        if (ground.isValid()) {
            const double width = m_metrics.horizontalAdvance(shown) + 6;
            m_painter.fillRect(
                QRectF(rect.left(), rect.center().y() - m_metrics.height() / 2, width, m_metrics.height()),
                ground);
        }
        m_painter.setPen(ink);
        m_painter.drawText(rect.adjusted(3, 0, -3, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                           shown);
    }

    QPainter &m_painter;
    const TimelineLane &m_lane;
    const TimelineMoment &m_moment;
    const HandlerLog &m_log;
    const QFontMetricsF m_metrics;
};

} // namespace

int TimelineLane::rowsOf(const Loop &loop)
{
    return std::clamp(loop.handlers().deepest(), 1, MostRows);
}

QRectF TimelineLane::rowRect(int row) const
{
    const double top = std::round(rect.top() + row * rowHeight());
    const double bottom = std::round(rect.top() + (row + 1) * rowHeight());
    return {rect.left(), top, rect.width(), bottom - top - (rows > 1 ? 1 : 0)};
}

int TimelineLane::rowAt(double y) const
{
    return std::clamp(int((y - rect.top()) / rowHeight()), 0, rows - 1);
}

void paintLane(QPainter &painter, const TimelineLane &lane, const TimelineMoment &moment)
{
    painter.save();
    painter.setClipRect(lane.rect);
    LanePainter(painter, lane, moment).paint();
    painter.restore();
}

} // namespace Flywheel::Monitor
