// SPDX-License-Identifier: MIT
#include "curves.h"

#include "percentilechart.h"
#include "theme.h"

#include <QtGui/qevent.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qapplication.h>

using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using namespace std::chrono_literals;

/// Pointer and keys on a chart, and on a second one that shares its scope.
class TimeInputTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void hoveringMovesTheCursorOfAll();
    void leavingHidesTheCursor();
    void draggingSelects();
    void draggingBackwardsSelects();
    void clickSelectsNothing();
    void wheelZoomsAroundThePointer();
    void wheelMovesSideways();
    void keysMoveWhatIsVisible();
    void doubleClickResets();
    void clickOnAMarkTells();
    void keysMoveTheCursor();
    void keysWithShiftSelect();

private:
    QPoint at(double share) const;
    QWidget *surface() const { return m_chart->viewport(); }
    /// Times are as fine as pixels.
    bool near(Time a, Time b) const { return std::chrono::abs(a - b) < 150ms; }
    void move(const QPoint &position, Qt::MouseButtons buttons = Qt::NoButton);

    std::unique_ptr<TimeScope> m_scope;
    std::unique_ptr<PercentileChart> m_chart;
    std::unique_ptr<PercentileChart> m_other;
};

void TimeInputTest::init()
{
    Theme::apply(*qApp, Theme::Kind::Dark);
    m_scope = std::make_unique<TimeScope>();
    m_scope->setNow(Minute.end);
    m_chart = std::make_unique<PercentileChart>(*m_scope);
    m_other = std::make_unique<PercentileChart>(*m_scope);
    for (PercentileChart *chart : {m_chart.get(), m_other.get()}) {
        chart->resize(800, 200);
        chart->show();
    }
}

QPoint TimeInputTest::at(double share) const
{
    const QRectF plot = m_chart->plotRect();
    return QPointF(plot.left() + share * plot.width(), plot.center().y()).toPoint();
}

void TimeInputTest::move(const QPoint &position, Qt::MouseButtons buttons)
{
    QMouseEvent event(QEvent::MouseMove, position, surface()->mapToGlobal(position), Qt::NoButton, buttons,
                      Qt::NoModifier);
    QApplication::sendEvent(surface(), &event);
}

void TimeInputTest::hoveringMovesTheCursorOfAll()
{
    move(at(0.5));
    QVERIFY(m_scope->cursor());
    QVERIFY(near(*m_scope->cursor(), Minute.begin + 30s));
    drawn(*m_other);
    QCOMPARE(m_other->overlay().cursor, m_scope->cursor());
    QVERIFY(!m_other->overlay().values.empty());
}

void TimeInputTest::leavingHidesTheCursor()
{
    move(at(0.5));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(surface(), &leave);
    QVERIFY(!m_scope->cursor());
}

void TimeInputTest::draggingSelects()
{
    QTest::mousePress(surface(), Qt::LeftButton, {}, at(0.25));
    move(at(0.5), Qt::LeftButton);
    QVERIFY(m_scope->selection());
    QTest::mouseRelease(surface(), Qt::LeftButton, {}, at(0.5));
    QVERIFY(near(m_scope->selection()->begin, Minute.begin + 15s));
    QVERIFY(near(m_scope->selection()->end, Minute.begin + 30s));
    QCOMPARE(m_other->overlay().selection, m_scope->selection());
    // It is seen: the ground there has another colour than beside.
    const QImage image = drawn(*m_other);
    QVERIFY(image.pixelColor(at(0.37)) != image.pixelColor(at(0.63)));
}

void TimeInputTest::draggingBackwardsSelects()
{
    QTest::mousePress(surface(), Qt::LeftButton, {}, at(0.5));
    move(at(0.25), Qt::LeftButton);
    QTest::mouseRelease(surface(), Qt::LeftButton, {}, at(0.25));
    QVERIFY(near(m_scope->selection()->begin, Minute.begin + 15s));
}

void TimeInputTest::clickSelectsNothing()
{
    QTest::mouseClick(surface(), Qt::LeftButton, {}, at(0.5));
    QVERIFY(!m_scope->selection());
}

void TimeInputTest::wheelZoomsAroundThePointer()
{
    const QPoint position = at(0.25);
    QWheelEvent event(position, surface()->mapToGlobal(position), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(surface(), &event);
    const TimeSpan visible = m_scope->visible();
    QVERIFY(near(visible.begin, Minute.begin + 3s));
    QVERIFY(near(visible.end, Minute.begin + 51s));
}

void TimeInputTest::wheelMovesSideways()
{
    m_scope->setKnownBegin(Minute.begin - 60s);
    const auto turn = [this](const QPoint &angle, Qt::KeyboardModifiers modifiers) {
        QWheelEvent event(at(0.5), surface()->mapToGlobal(at(0.5)), {}, angle, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(surface(), &event);
    };
    turn({120, 0}, Qt::NoModifier);
    QCOMPARE(m_scope->visible(), (TimeSpan{Minute.begin - 6s, Minute.end - 6s}));
    turn({0, 120}, Qt::ShiftModifier);
    QCOMPARE(m_scope->visible(), (TimeSpan{Minute.begin - 12s, Minute.end - 12s}));
    turn({0, -120}, Qt::ShiftModifier);
    QCOMPARE(m_scope->visible(), (TimeSpan{Minute.begin - 6s, Minute.end - 6s}));
}

void TimeInputTest::keysMoveWhatIsVisible()
{
    m_scope->setKnownBegin(Minute.begin - 60s);
    QTest::keyClick(m_chart.get(), Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(m_scope->visible(), (TimeSpan{Minute.begin - 6s, Minute.end - 6s}));
    QTest::keyClick(m_chart.get(), Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(m_scope->visible(), Minute);
}

void TimeInputTest::doubleClickResets()
{
    m_scope->zoomTo({Minute.begin, Minute.begin + 1s});
    QTest::mouseDClick(surface(), Qt::LeftButton, {}, at(0.5));
    QCOMPARE(m_scope->visible(), Minute);
}

void TimeInputTest::clickOnAMarkTells()
{
    const Time stall = Minute.begin + 45s;
    m_chart->setMarks({{stall, TimeMark::Shape::Stall, QStringLiteral("Stall")}});
    QSignalSpy clicked(m_chart.get(), &TimeChart::markClicked);
    const QPoint mark(at(0.75).x(), int(m_chart->plotRect().top()) + 3);
    QTest::mouseClick(surface(), Qt::LeftButton, {}, mark);
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked[0][0].value<std::chrono::nanoseconds>(), stall);
    QVERIFY(pixelsLike(drawn(*m_chart), QRect(mark - QPoint(4, 4), QSize(8, 8)),
                       Theme::current().vermillion) > 10);
}

void TimeInputTest::keysMoveTheCursor()
{
    QTest::keyClick(m_chart.get(), Qt::Key_Left);
    QCOMPARE(m_scope->cursor(), std::optional<Time>(Minute.end - 600ms));
    QTest::keyClick(m_chart.get(), Qt::Key_Right);
    QCOMPARE(m_scope->cursor(), std::optional<Time>(Minute.end));
}

void TimeInputTest::keysWithShiftSelect()
{
    for (int i = 0; i < 10; ++i)
        QTest::keyClick(m_chart.get(), Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(m_scope->selection(), std::optional(TimeSpan{Minute.end - 6s, Minute.end}));
}

QTEST_MAIN(TimeInputTest)
#include "tst_timeinput.moc"
