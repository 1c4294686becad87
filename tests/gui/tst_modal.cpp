// SPDX-License-Identifier: MIT
// Loops inside handlers that Qt runs itself: popups, dialogs, drags, QEventLoop.
#include "guisession.h"
#include "probewidget.h"
#include "realinput.h"

#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qdialog.h>
#include <QtWidgets/qmenu.h>
#include <QtWidgets/qpushbutton.h>

class tst_Modal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void menuTriggersWhatIsClicked();
    void clickOutsideClosesMenu();
    void modalDialogIsAcceptedByClick();
    void timersGoOnInModalDialog();
    void nestedLoopServesEverything();
};

/// Runs \a action once the popup or dialog is exposed.
class WhenShown : public QObject
{
public:
    WhenShown(QWidget &widget, std::function<void()> action) : m_action(std::move(action))
    {
        widget.installEventFilter(this);
    }

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && !std::exchange(m_done, true))
            QTimer::singleShot(1, this, m_action);
        return false;
    }

private:
    std::function<void()> m_action;
    bool m_done = false;
};

void tst_Modal::menuTriggersWhatIsClicked()
{
    GuiSession session;
    ProbeWidget widget;
    QMenu menu(&widget);
    menu.addAction(QStringLiteral("First"));
    QAction *second = menu.addAction(QStringLiteral("Second"));
    QAction *chosen = nullptr;
    const WhenShown shown(menu, [&] { RealInput::click(menu, menu.actionGeometry(second).center()); });
    showThen(widget, [&] {
        chosen = menu.exec(widget.mapToGlobal(QPoint(10, 10)));
        session.finished();
    });
    session.run();
    QCOMPARE(chosen, second);
}

void tst_Modal::clickOutsideClosesMenu()
{
    GuiSession session;
    ProbeWidget widget;
    QMenu menu(&widget);
    menu.addAction(QStringLiteral("First"));
    const WhenShown shown(menu, [&] { RealInput::click(menu, menu.rect().bottomRight() + QPoint(20, 20)); });
    showThen(widget, [&] {
        QObject::connect(&menu, &QMenu::aboutToHide, &widget, [&] { session.finished(); });
        menu.popup(widget.mapToGlobal(QPoint(10, 10)));
    });
    session.run();
    QVERIFY(!menu.isVisible());
}

void tst_Modal::modalDialogIsAcceptedByClick()
{
    GuiSession session;
    ProbeWidget widget;
    QDialog dialog(&widget);
    dialog.resize(160, 120);
    QPushButton button(QStringLiteral("OK"), &dialog);
    button.setGeometry(20, 20, 80, 40);
    QObject::connect(&button, &QPushButton::clicked, &dialog, &QDialog::accept);
    const WhenShown shown(dialog, [&] { RealInput::click(button, {10, 10}); });
    int result = -1;
    showThen(widget, [&] {
        result = dialog.exec();
        session.finished();
    });
    session.run();
    QCOMPARE(result, int(QDialog::Accepted));
}

void tst_Modal::timersGoOnInModalDialog()
{
    GuiSession session;
    ProbeWidget widget;
    QDialog dialog(&widget);
    int ticks = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &dialog, [&] {
        if (++ticks == 10)
            dialog.reject();
    });
    showThen(widget, [&] {
        timer.start(5);
        dialog.exec();
        session.finished();
    });
    session.run();
    QCOMPARE(ticks, 10);
}

void tst_Modal::nestedLoopServesEverything()
{
    GuiSession session;
    ProbeWidget widget;
    QEventLoop nested;
    int timerTicks = 0;
    bool posted = false;
    bool clicked = false;
    const auto quitIfAll = [&] {
        if (timerTicks >= 3 && posted && clicked)
            nested.quit();
    };
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &widget, [&] {
        ++timerTicks;
        quitIfAll();
    });
    widget.pressed = [&](QMouseEvent *) {
        clicked = true;
        quitIfAll();
    };
    showThen(widget, [&] {
        timer.start(5);
        QMetaObject::invokeMethod(
            &widget,
            [&] {
                posted = true;
                quitIfAll();
            },
            Qt::QueuedConnection);
        QTimer::singleShot(20, &widget, [&] { RealInput::click(widget, {50, 50}); });
        nested.exec();
        session.finished();
    });
    session.run();
    QVERIFY(timerTicks >= 3);
}

QTEST_APPLESS_MAIN(tst_Modal)
#include "tst_modal.moc"
