// SPDX-License-Identifier: MIT
#include "elidedline.h"

#include "model/format.h"
#include "theme.h"

#include <QtGui/qpainter.h>

namespace Flywheel::Monitor {

namespace {

constexpr int Margin = 6;

} // namespace

void ElidedLine::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setToolTip(Format::literally(text));
    setAccessibleName(text);
    update();
}

QSize ElidedLine::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 2 * Margin, fontMetrics().height() + 4};
}

void ElidedLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(Theme::current().quiet);
    const QRect room = rect().adjusted(Margin, 0, -Margin, 0);
    painter.drawText(room, Qt::AlignVCenter | Qt::TextSingleLine,
                     fontMetrics().elidedText(m_text, Qt::ElideRight, room.width()));
}

} // namespace Flywheel::Monitor
