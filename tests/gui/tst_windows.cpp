// SPDX-License-Identifier: MIT
// What a window needs of the event loop.
#include "guisession.h"
#include "probewidget.h"
#include "realinput.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qpropertyanimation.h>
#include <QtCore/qtimer.h>
#include <QtGui/qclipboard.h>
#include <QtGui/qwindow.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qpushbutton.h>

class tst_Windows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paintsWhenExposed();
    void clickReachesButton();
    void keyReachesWindow();
    void secondWindowIsServedToo();
    void animationRunsToItsEnd();
    void clipboardChangeIsReported();
    void lastWindowClosedQuits();
};

void tst_Windows::paintsWhenExposed()
{
    GuiSession session;
    ProbeWidget widget;
    int paints = 0;
    widget.painted = [&] {
        if (++paints == 1)
            widget.update();
        else
            session.finished();
    };
    widget.show();
    session.run();
    QVERIFY(widget.windowHandle()->isExposed());
    QCOMPARE(paints, 2);
}

void tst_Windows::clickReachesButton()
{
    GuiSession session;
    ProbeWidget widget;
    QPushButton button(QStringLiteral("Press"), &widget);
    button.setGeometry(20, 20, 100, 40);
    QObject::connect(&button, &QPushButton::clicked, &widget, [&] { session.finished(); });
    showThen(widget, [&] { RealInput::click(button, {10, 10}); });
    session.run();
}

void tst_Windows::keyReachesWindow()
{
    GuiSession session;
    ProbeWidget widget;
    QString text;
    widget.typed = [&](const QString &typed) {
        text = typed;
        session.finished();
    };
    // The window manager may give the focus back for a moment when the window of the test before goes away.
    QTimer typist;
    QObject::connect(&typist, &QTimer::timeout, &widget, [&] { RealInput::key(widget, 'w'); });
    showThen(widget, [&] { typist.start(200); });
    session.run();
    QCOMPARE(text, QStringLiteral("w"));
}

void tst_Windows::secondWindowIsServedToo()
{
    GuiSession session;
    ProbeWidget first;
    ProbeWidget second;
    showThen(first, [&] {
        second.move(500, 300);
        showThen(second, [&] { RealInput::click(second, {100, 75}); });
    });
    second.pressed = [&](QMouseEvent *) { RealInput::click(first, {50, 50}); };
    first.pressed = [&](QMouseEvent *) { session.finished(); };
    session.run();
}

void tst_Windows::animationRunsToItsEnd()
{
    GuiSession session;
    ProbeWidget widget;
    QPropertyAnimation animation(&widget, "size");
    animation.setDuration(300);
    animation.setStartValue(QSize(100, 100));
    animation.setEndValue(QSize(300, 200));
    int steps = 0;
    QObject::connect(&animation, &QPropertyAnimation::valueChanged, &widget, [&] { ++steps; });
    QObject::connect(&animation, &QPropertyAnimation::finished, &widget, [&] { session.finished(); });
    QElapsedTimer elapsed;
    showThen(widget, [&] {
        elapsed.start();
        animation.start();
    });
    session.run();
    QVERIFY(elapsed.elapsed() >= 300);
    QVERIFY2(steps > 2, qPrintable(QString::number(steps)));
    QCOMPARE(widget.size(), QSize(300, 200));
}

void tst_Windows::clipboardChangeIsReported()
{
    GuiSession session;
    QObject::connect(qApp->clipboard(), &QClipboard::dataChanged, qApp, [&] { session.finished(); });
    QTimer::singleShot(1, qApp, [] { qApp->clipboard()->setText(QStringLiteral("wheel")); });
    session.run();
    QCOMPARE(qApp->clipboard()->text(), QStringLiteral("wheel"));
}

void tst_Windows::lastWindowClosedQuits()
{
    GuiSession session;
    ProbeWidget widget;
    showThen(widget, [&] { widget.close(); });
    QCOMPARE(qApp->exec(), 0);
}

QTEST_APPLESS_MAIN(tst_Windows)
#include "tst_windows.moc"
