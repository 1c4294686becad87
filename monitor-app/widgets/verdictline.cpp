// SPDX-License-Identifier: MIT
#include "verdictline.h"

#include "healthdelegate.h"
#include "model/format.h"
#include "theme.h"

#include <QtGui/qevent.h>
#include <QtGui/qpainter.h>

namespace Flywheel::Monitor {

namespace {

constexpr int Margin = 8;
constexpr int DotRoom = 18;
constexpr int LeastName = 8; ///< in digits: less of a name tells nothing

} // namespace

QString fittingVerdict(const QString &verdict, int room, const QFontMetrics &metrics)
{
    if (metrics.horizontalAdvance(verdict) <= room)
        return verdict;
    // "main: 6 stalls in 1 min, worst 122 ms, 6 × Class "object"; 1 more loop is not well"
    const QString text = verdict.section(QStringLiteral("; "), 0, 0);
    const int least = LeastName * metrics.horizontalAdvance(QLatin1Char('0'));
    const auto quote = text.indexOf(QLatin1Char('"')); // left(-1) is all
    // Names may have commas, too: the last one that leaves room for a name is where it begins.
    for (auto comma = text.left(quote).lastIndexOf(QStringLiteral(", ")); comma >= 0;
         comma = comma > 0 ? text.lastIndexOf(QStringLiteral(", "), comma - 1) : -1) {
        const QString figures = text.left(comma + 2);
        const int forName = room - metrics.horizontalAdvance(figures);
        if (forName >= least)
            return figures + metrics.elidedText(text.mid(comma + 2), Qt::ElideMiddle, forName);
    }
    return metrics.elidedText(text, Qt::ElideRight, room);
}

VerdictLine::VerdictLine(QWidget *parent) : QWidget(parent)
{
    QFont bold = font();
    bold.setBold(true);
    setFont(bold);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void VerdictLine::setVerdict(const QString &text, Health health, bool known)
{
    if (text == m_text && health == m_health && known == m_known)
        return;
    m_text = text;
    m_health = health;
    m_known = known;
    setAccessibleName(text);
    setToolTip(Format::literally(text));
    update();
}

QSize VerdictLine::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 2 * Margin + DotRoom, fontMetrics().height() + 8};
}

QSize VerdictLine::minimumSizeHint() const
{
    return {100, sizeHint().height()};
}

void VerdictLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().raised);
    const QColor color = m_known ? colorOf(m_health) : Theme::current().quiet;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QPointF(Margin + 5, height() / 2.0), 5, 5);
    const QRect room = rect().adjusted(Margin + DotRoom, 0, -Margin, 0);
    painter.setPen(Theme::current().text);
    painter.drawText(room, Qt::AlignVCenter | Qt::TextSingleLine,
                     fittingVerdict(m_text, room.width(), fontMetrics()));
}

void VerdictLine::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        Q_EMIT clicked();
}

} // namespace Flywheel::Monitor
