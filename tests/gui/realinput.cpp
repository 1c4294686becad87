// SPDX-License-Identifier: MIT
#include "realinput.h"

#include "guisession.h"

#include <QtCore/qprocess.h>
#include <QtGui/qwindow.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qwidget.h>

namespace RealInput {

namespace {

void xdotool(const QStringList &arguments)
{
    const int status = QProcess::execute(QStringLiteral("xdotool"), arguments);
    if (status != 0)
        qFatal("xdotool failed with status %d; is it installed?", status);
}

QStringList moveTo(QPoint position)
{
    return {QStringLiteral("mousemove"), QString::number(position.x()), QString::number(position.y())};
}

} // namespace

void click(QWidget &widget, QPoint position)
{
    if (GuiSession::isXcb())
        xdotool(moveTo(widget.mapToGlobal(position)) << QStringLiteral("click") << QStringLiteral("1"));
    else
        QTest::mouseClick(widget.window()->windowHandle(), Qt::LeftButton, {},
                          widget.mapTo(widget.window(), position));
}

void key(QWidget &widget, char letter)
{
    if (GuiSession::isXcb())
        xdotool({QStringLiteral("key"), QString(QLatin1Char(letter))});
    else
        QTest::keyClick(widget.window()->windowHandle(), letter);
}

void drag(QWidget &widget, QPoint from, QPoint to)
{
    QStringList arguments = moveTo(widget.mapToGlobal(from))
                            << QStringLiteral("mousedown") << QStringLiteral("1");
    for (int step = 1; step <= 10; ++step) {
        arguments << QStringLiteral("sleep") << QStringLiteral("0.02");
        arguments << moveTo(widget.mapToGlobal(from + (to - from) * step / 10));
    }
    arguments << QStringLiteral("sleep") << QStringLiteral("0.05");
    arguments << QStringLiteral("mouseup") << QStringLiteral("1");
    if (!QProcess::startDetached(QStringLiteral("xdotool"), arguments))
        qFatal("xdotool could not be started; is it installed?");
}

} // namespace RealInput
