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

} // namespace

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
                     fontMetrics().elidedText(m_text, Qt::ElideRight, room.width()));
}

void VerdictLine::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        Q_EMIT clicked();
}

} // namespace Flywheel::Monitor
