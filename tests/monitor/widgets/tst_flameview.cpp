// SPDX-License-Identifier: MIT
#include "flamecanvas.h"
#include "flameview.h"
#include "monitor/support/stacks.h"
#include "monitor/support/watched.h"
#include "monitor/support/window.h"
#include "tablesview.h"
#include "theme.h"

#include <QtCore/qelapsedtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qlineedit.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class FlameViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void widthIsTime();
    void clickZoomsAndEscGoesBack();
    void escClearsTheSelectionOnlyWhereNothingIsZoomed();
    void keyboardReachesEveryCall();
    void tellsOfTheCallUnderTheMouse();
    void filterMarksAndTellsTheShare();
    void spanDecides();
    void zoomStaysWhileStallsCome();
    void sleepIsHatched_data();
    void sleepIsHatched();
    void saysWhyItIsEmpty();
    void paintsTenThousandStacks_data();
    void paintsTenThousandStacks();

private:
    bool show(const std::vector<Stall> &stalls, std::chrono::nanoseconds at = 100s);
    bool showFork();
    int nodeOf(const QString &name) const;
    FlameView *view() const { return m_window->tables()->flames(); }
    FlameCanvas *canvas() const { return view()->canvas(); }
    void click(int node);
    void press(Qt::Key key) { QTest::keyClick(canvas(), key); }

    std::unique_ptr<Watched> m_watched;
    std::unique_ptr<MainWindow> m_window;
};

void FlameViewTest::init()
{
    m_watched = std::make_unique<Watched>();
    m_window = makeWindow(m_watched->session);
    QVERIFY(m_watched->isAttached());
}

void FlameViewTest::cleanup()
{
    m_window.reset();
    m_watched.reset();
}

bool FlameViewTest::show(const std::vector<Stall> &stalls, std::chrono::nanoseconds at)
{
    Telemetry::LoopFrame loop = busyLoop(at, 10ms);
    loop.stalls = stalls;
    loop.stallCount = stalls.size();
    if (!m_watched->show(at, {loop}))
        return false;
    m_window->activateWindow();
    m_window->actions().tables[TablesView::Flames]->trigger();
    m_window->refreshNow();
    return true;
}

/// 1 calls 2 for 300 ms of 400, and 3 for 100; 2 calls 4 all the time.
bool FlameViewTest::showFork()
{
    return show({stallWith(1, 95s, 300ms, {stackAt(95050ms, {1, 2, 4})}),
                 stallWith(2, 97s, 100ms, {stackAt(97050ms, {1, 3})})});
}

int FlameViewTest::nodeOf(const QString &name) const
{
    const std::vector<FlameNode> &nodes = canvas()->graph().nodes();
    const auto found =
        std::find_if(nodes.begin(), nodes.end(), [&](const FlameNode &node) { return node.name == name; });
    return found == nodes.end() ? -1 : int(found - nodes.begin());
}

void FlameViewTest::click(int node)
{
    QTest::mouseClick(canvas()->viewport(), Qt::LeftButton, {}, canvas()->rectOf(node).center().toPoint());
}

void FlameViewTest::widthIsTime()
{
    QVERIFY(showFork());
    QCOMPARE(m_window->tables()->currentIndex(), int(TablesView::Flames));
    const QRectF main = canvas()->rectOf(nodeOf(QStringLiteral("main")));
    const QRectF two = canvas()->rectOf(nodeOf(QStringLiteral("app+0x2")));
    const QRectF three = canvas()->rectOf(nodeOf(QStringLiteral("app+0x3")));
    QCOMPARE(main.width(), double(canvas()->viewport()->width()));
    QCOMPARE(two.width(), main.width() * 0.75);
    QCOMPARE(three.left(), two.right());
    QCOMPARE(three.top(), two.top());
    QVERIFY(two.bottom() < main.top()); // the outermost is at the bottom
    QCOMPARE(canvas()->nodeAt(three.center()), nodeOf(QStringLiteral("app+0x3")));
    QVERIFY2(view()->summary().startsWith(QStringLiteral("Width: stalled time, estimated from 2 stacks")),
             qPrintable(view()->summary()));
}

void FlameViewTest::clickZoomsAndEscGoesBack()
{
    QVERIFY(showFork());
    const int two = nodeOf(QStringLiteral("app+0x2"));
    click(two);
    QCOMPARE(canvas()->zoomed(), two);
    QCOMPARE(canvas()->rectOf(two).width(), double(canvas()->viewport()->width()));
    QVERIFY(canvas()->rectOf(nodeOf(QStringLiteral("app+0x3"))).isEmpty());
    QVERIFY(view()->currentText().contains(QStringLiteral("100 % of the shown, 75 % of all")));
    click(nodeOf(QStringLiteral("app+0x4")));
    press(Qt::Key_Escape);
    QCOMPARE(canvas()->zoomed(), two);
    press(Qt::Key_Escape);
    QCOMPARE(canvas()->zoomed(), 0);
    QVERIFY(!canvas()->canGoBack());
}

void FlameViewTest::escClearsTheSelectionOnlyWhereNothingIsZoomed()
{
    QVERIFY(showFork());
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_window->scope().select(94s, 99s);
    m_window->refreshNow();
    click(nodeOf(QStringLiteral("app+0x2")));
    QVERIFY(canvas()->hasFocus());
    press(Qt::Key_Escape);
    QVERIFY(m_window->scope().selection().has_value());
    QCOMPARE(canvas()->zoomed(), 0);
    press(Qt::Key_Escape);
    QVERIFY(!m_window->scope().selection());
}

void FlameViewTest::keyboardReachesEveryCall()
{
    QVERIFY(showFork());
    press(Qt::Key_Up);
    press(Qt::Key_Up);
    press(Qt::Key_Up);
    QCOMPARE(canvas()->current(), nodeOf(QStringLiteral("app+0x2")));
    press(Qt::Key_Right);
    QCOMPARE(canvas()->current(), nodeOf(QStringLiteral("app+0x3")));
    press(Qt::Key_Right);
    QCOMPARE(canvas()->current(), nodeOf(QStringLiteral("app+0x3")));
    press(Qt::Key_Left);
    press(Qt::Key_Up);
    QCOMPARE(canvas()->current(), nodeOf(QStringLiteral("app+0x4")));
    press(Qt::Key_Return);
    QCOMPARE(canvas()->zoomed(), nodeOf(QStringLiteral("app+0x4")));
    press(Qt::Key_Down);
    QCOMPARE(canvas()->current(), nodeOf(QStringLiteral("app+0x2")));
    press(Qt::Key_Right); // its neighbour is not shown
    QCOMPARE(canvas()->current(), nodeOf(QStringLiteral("app+0x2")));
    press(Qt::Key_Backspace);
    QCOMPARE(canvas()->zoomed(), 0);
}

void FlameViewTest::tellsOfTheCallUnderTheMouse()
{
    QVERIFY(showFork());
    // Not by QTest::mouseMove(), which moves the pointer of the whole display.
    const QPointF place = canvas()->rectOf(nodeOf(QStringLiteral("app+0x3"))).center();
    QMouseEvent move(QEvent::MouseMove, place, canvas()->viewport()->mapToGlobal(place), Qt::NoButton,
                     Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(canvas()->viewport(), &move);
    QVERIFY2(view()->currentText().startsWith(QStringLiteral("app+0x3\napp\n25 % of all (100 ms)")),
             qPrintable(view()->currentText()));
}

void FlameViewTest::filterMarksAndTellsTheShare()
{
    QVERIFY(showFork());
    m_window->tables()->filter()->setText(QStringLiteral("0X3"));
    QVERIFY(canvas()->match().nodes[std::size_t(nodeOf(QStringLiteral("app+0x3")))]);
    QVERIFY2(view()->summary().startsWith(QStringLiteral("“0X3”: 25 % of the time (100 ms).")),
             qPrintable(view()->summary()));
    m_window->tables()->filter()->setText(QStringLiteral("xyz"));
    QVERIFY(view()->summary().startsWith(QStringLiteral("No call contains “xyz”.")));
}

void FlameViewTest::spanDecides()
{
    QVERIFY(showFork());
    m_window->scope().select(96s, 98s);
    QCOMPARE(canvas()->graph().at(0).time, 100ms);
    m_window->scope().select(98s, 99s);
    QCOMPARE(canvas()->emptyText(), QStringLiteral("No stall in the selected span."));
    m_window->scope().clearSelection();
    QCOMPARE(canvas()->graph().at(0).time, 400ms);
}

void FlameViewTest::zoomStaysWhileStallsCome()
{
    QVERIFY(showFork());
    click(nodeOf(QStringLiteral("app+0x3")));
    QVERIFY(show({stallWith(3, 100s, 90ms, {stackAt(100050ms, {9, 3})})}, 100100ms));
    QCOMPARE(canvas()->graph().at(0).time, 490ms);
    QCOMPARE(canvas()->graph().at(canvas()->zoomed()).name, QStringLiteral("app+0x3"));
    QCOMPARE(canvas()->graph().at(canvas()->zoomed()).time, 100ms);
}

void FlameViewTest::sleepIsHatched_data()
{
    QTest::addColumn<bool>("isDark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
}

/// Of 200 ms in one call it slept half: the right half has more than one colour, the left one has not.
void FlameViewTest::sleepIsHatched()
{
    QFETCH(bool, isDark);
    m_window->setTheme(isDark ? Theme::Kind::Dark : Theme::Kind::Light);
    QVERIFY(show({stallWith(1, 95s, 100ms, {stackAt(95050ms, {1, 2})}),
                  stallWith(2, 97s, 100ms, {stackAt(97050ms, {1}, "read")})}));
    const QRectF one = canvas()->rectOf(nodeOf(QStringLiteral("app+0x1")));
    const QImage image = canvas()->viewport()->grab().toImage();
    const auto colours = [&](double from, double to) {
        QSet<QRgb> found;
        for (int x = int(from); x < int(to); ++x)
            found.insert(image.pixel(x, int(one.bottom()) - 1));
        return found.size();
    };
    QCOMPARE(colours(one.left() + 4, one.center().x() - 4), 1);
    QVERIFY(colours(one.center().x() + 4, one.right() - 4) > 1);
}

void FlameViewTest::saysWhyItIsEmpty()
{
    QVERIFY(show({}));
    QVERIFY(canvas()->emptyText().startsWith(QStringLiteral("No stall:")));
    Stall blind = stall(1, 99s, 120ms);
    blind.stackProblem = "the thread blocks signals";
    QVERIFY(show({blind}, 100100ms));
    QVERIFY2(canvas()->emptyText().contains(QStringLiteral("the thread blocks signals")),
             qPrintable(canvas()->emptyText()));
    QCOMPARE(view()->summary(), QString());
    press(Qt::Key_Up); // nothing to go to
    press(Qt::Key_Return);
    QCOMPARE(canvas()->zoomed(), 0);
}

void FlameViewTest::paintsTenThousandStacks_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("1280") << QSize(1280, 300);
    QTest::newRow("3840") << QSize(3840, 1200);
}

/// How long a paint takes is printed: docs/monitor.md has the figures.
void FlameViewTest::paintsTenThousandStacks()
{
    QFETCH(QSize, size);
    std::vector<Stall> stalls;
    StackTimes times;
    for (std::uint64_t number = 1; number <= 10'000; ++number) {
        std::vector<std::uint64_t> calls;
        for (std::uint64_t depth = 0; depth < 60; ++depth)
            calls.push_back(depth < 18 ? depth : depth * 100 + (number >> (depth - 18) / 3) % 2);
        stalls.push_back(stallWith(number, 1s * number, 100ms, {stackAt(1s * number + 50ms, calls)}));
    }
    QVERIFY(show({}));
    for (const Stall &stall : stalls)
        times.stacks.push_back({m_watched->loop(), &stall, &stall.stacks[0], stall.duration});
    CodeNames names;
    FlameCanvas canvas(nullptr);
    canvas.resize(size);
    canvas.setGraph(flameGraphOf(times, {m_watched->loop()}, names));
    canvas.show();
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    canvas.viewport()->render(&image);
    QElapsedTimer timer;
    timer.start();
    constexpr int Paints = 10;
    for (int i = 0; i < Paints; ++i)
        canvas.viewport()->render(&image);
    qInfo("10,000 stacks of 60 calls: a paint takes %.1f ms", double(timer.nsecsElapsed()) / Paints / 1e6);
    QCOMPARE(canvas.graph().depth(), 61);
}

QTEST_MAIN(FlameViewTest)
#include "tst_flameview.moc"
