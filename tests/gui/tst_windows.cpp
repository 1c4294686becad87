// SPDX-License-Identifier: MIT
// What a window needs of the event loop.
#include "guisession.h"
#include "probewidget.h"
#include "realinput.h"

#include <QtCore/qabstractnativeeventfilter.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtimer.h>
#include <QtCore/qpropertyanimation.h>
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
    void nativeEventsPassTheFilter();
    void otherProcessReadsClipboard();
    void clipboardOfOtherProcessIsRead();
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
    showThen(widget, [&] { RealInput::key(widget, 'w'); });
    session.run();
    QCOMPARE(text, QStringLiteral("w"));
}

void tst_Windows::secondWindowIsServedToo()
{
    GuiSession session;
    ProbeWidget first;
    ProbeWidget second;
    showThen(first, [&] {
        first.move(0, 0);
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

class CountingFilter : public QAbstractNativeEventFilter
{
public:
    bool nativeEventFilter(const QByteArray &type, void *, qintptr *) override
    {
        seen += type == "xcb_generic_event_t";
        return false;
    }
    int seen = 0;
};

void tst_Windows::nativeEventsPassTheFilter()
{
    GuiSession session;
    CountingFilter filter;
    qApp->installNativeEventFilter(&filter);
    ProbeWidget widget;
    showThen(widget, [&] { session.finished(); });
    session.run();
    // Only platforms with native events have something to filter.
    QCOMPARE(filter.seen > 0, GuiSession::isXcb());
}

void tst_Windows::otherProcessReadsClipboard()
{
    GuiSession session;
    if (!GuiSession::isXcb()) {
        // There is no other process on the same window system; the application itself is the reader.
        QObject::connect(qApp->clipboard(), &QClipboard::dataChanged, qApp, [&] { session.finished(); });
        QTimer::singleShot(0, qApp, [] { qApp->clipboard()->setText(QStringLiteral("wheel")); });
        session.run();
        QCOMPARE(qApp->clipboard()->text(), QStringLiteral("wheel"));
        return;
    }
    qApp->clipboard()->setText(QStringLiteral("wheel"));
    QProcess reader;
    QObject::connect(&reader, &QProcess::finished, &reader, [&] { session.finished(); });
    reader.start(QStringLiteral("xclip"), {QStringLiteral("-selection"), QStringLiteral("clipboard"), QStringLiteral("-o")});
    session.run();
    QCOMPARE(reader.readAllStandardOutput(), QByteArray("wheel"));
}

void tst_Windows::clipboardOfOtherProcessIsRead()
{
    GuiSession session;
    if (!GuiSession::isXcb()) {
        qApp->clipboard()->setText(QStringLiteral("fly"));
        QCOMPARE(qApp->clipboard()->text(), QStringLiteral("fly"));
        return;
    }
    QObject::connect(qApp->clipboard(), &QClipboard::dataChanged, qApp, [&] { session.finished(); });
    QProcess writer;
    writer.setStandardOutputFile(QProcess::nullDevice()); // xclip stays behind as the clipboard's owner
    writer.start(QStringLiteral("xclip"),
                 {QStringLiteral("-selection"), QStringLiteral("clipboard"), QStringLiteral("-i"), QStringLiteral("-quiet")});
    writer.write("fly");
    writer.closeWriteChannel();
    session.run();
    QCOMPARE(qApp->clipboard()->text(), QStringLiteral("fly"));
    writer.kill();
    QVERIFY(writer.waitForFinished());
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
