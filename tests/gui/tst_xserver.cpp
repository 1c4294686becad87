// SPDX-License-Identifier: MIT
// What needs a real window system: other processes, native events, a pointer that somebody else moves.
#include "guisession.h"
#include "probewidget.h"
#include "realinput.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qabstractnativeeventfilter.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qmimedata.h>
#include <QtCore/qprocess.h>
#include <QtGui/qclipboard.h>
#include <QtGui/qdrag.h>
#include <QtTest/qtest.h>

class tst_XServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nativeEventsPassTheFilter();
    void otherProcessReadsClipboard();
    void clipboardOfOtherProcessIsRead();
    void dragIsDropped();
    void userInputIsHeldBackWhenExcluded();
};

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

void tst_XServer::nativeEventsPassTheFilter()
{
    GuiSession session;
    CountingFilter filter;
    qApp->installNativeEventFilter(&filter);
    ProbeWidget widget;
    showThen(widget, [&] { session.finished(); });
    session.run();
    QVERIFY(filter.seen > 0);
}

void tst_XServer::otherProcessReadsClipboard()
{
    GuiSession session;
    qApp->clipboard()->setText(QStringLiteral("wheel"));
    QProcess reader;
    QObject::connect(&reader, &QProcess::finished, &reader, [&] { session.finished(); });
    reader.start(QStringLiteral("xclip"),
                 {QStringLiteral("-selection"), QStringLiteral("clipboard"), QStringLiteral("-o")});
    session.run();
    QCOMPARE(reader.readAllStandardOutput(), QByteArray("wheel"));
}

void tst_XServer::clipboardOfOtherProcessIsRead()
{
    GuiSession session;
    QObject::connect(qApp->clipboard(), &QClipboard::dataChanged, qApp, [&] { session.finished(); });
    QProcess writer;
    writer.setStandardOutputFile(QProcess::nullDevice()); // xclip stays behind as the clipboard's owner
    writer.start(QStringLiteral("xclip"), {QStringLiteral("-selection"), QStringLiteral("clipboard"),
                                           QStringLiteral("-i"), QStringLiteral("-quiet")});
    writer.write("fly");
    writer.closeWriteChannel();
    session.run();
    QCOMPARE(qApp->clipboard()->text(), QStringLiteral("fly"));
    writer.kill();
    QVERIFY(writer.waitForFinished());
}

class DropTarget : public ProbeWidget
{
public:
    DropTarget() { setAcceptDrops(true); }
    QString dropped;

protected:
    void dragEnterEvent(QDragEnterEvent *event) override { event->acceptProposedAction(); }
    void dropEvent(QDropEvent *event) override
    {
        dropped = event->mimeData()->text();
        event->acceptProposedAction();
    }
};

void tst_XServer::dragIsDropped()
{
    GuiSession session;
    DropTarget widget;
    bool dragging = false;
    widget.moved = [&](QMouseEvent *) {
        if (std::exchange(dragging, true))
            return;
        auto *drag = new QDrag(&widget);
        auto *data = new QMimeData;
        data->setText(QStringLiteral("load"));
        drag->setMimeData(data);
        drag->exec(Qt::CopyAction);
        session.finished();
    };
    showThen(widget, [&] { RealInput::drag(widget, {20, 20}, {150, 100}); });
    session.run();
    QCOMPARE(widget.dropped, QStringLiteral("load"));
}

void tst_XServer::userInputIsHeldBackWhenExcluded()
{
    GuiSession session;
    ProbeWidget widget;
    bool clicked = false;
    widget.pressed = [&](QMouseEvent *) { clicked = true; };
    bool early = true;
    showThen(widget, [&] {
        RealInput::click(widget, {50, 50});
        QElapsedTimer elapsed;
        for (elapsed.start(); elapsed.elapsed() < 50;)
            QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
        early = clicked;
        widget.pressed = [&](QMouseEvent *) { session.finished(); };
        // Qt's GLib dispatcher looks at input that was held back at the next wake-up only.
        QCoreApplication::eventDispatcher()->wakeUp();
    });
    session.run();
    QVERIFY(!early);
}

QTEST_APPLESS_MAIN(tst_XServer)
#include "tst_xserver.moc"
