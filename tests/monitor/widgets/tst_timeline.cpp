// SPDX-License-Identifier: MIT
#include "curves.h"

#include "monitor/support/handlers.h"
#include "monitor/support/watched.h"
#include "theme.h"
#include "timelineview.h"

#include <QtCore/qelapsedtimer.h>
#include <QtGui/qevent.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qapplication.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// The view alone, on a loop of a session.
class TimelineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void barsHaveTheColoursOfTheirKind();
    void nestedHandlersLieBelow();
    void shortHandlersAreSeen();
    void stallsAreVermillion();
    void whatRunsGrowsToNow();
    void whatIsNotKnownIsHatched();
    void saysWhyThereAreNone();
    void pointingTells();
    void clickSelectsTheStall();
    void keysReachEveryHandler();
    void manyLoopsAreCounted();
    void paintsManyHandlers_data();
    void paintsManyHandlers();

private:
    Loop &loop() { return *m_watched->loop(); }
    QPoint at(Time time, int row = 0) const;
    QColor colorAt(Time time, int row = 0) { return drawn(*m_view).pixelColor(at(time, row)); }

    std::unique_ptr<Watched> m_watched;
    std::unique_ptr<TimeScope> m_scope;
    std::unique_ptr<TimelineView> m_view;
};

void TimelineTest::init()
{
    Theme::apply(*qApp, Theme::Kind::Dark);
    m_watched = std::make_unique<Watched>();
    QVERIFY(m_watched->isAttached());
    Telemetry::LoopFrame frame = busyLoop(110s, 10ms);
    frame.stalls = {stall(1, 106s, 500ms)};
    frame.stallCount = 1;
    QVERIFY(m_watched->show(110s, {frame}));
    m_scope = std::make_unique<TimeScope>();
    m_scope->setNow(110s);
    m_scope->zoomTo({100s, 110s});
    m_view = std::make_unique<TimelineView>(*m_scope);
    m_view->resize(1000, 160);
    m_view->setLoops({&loop()});
    m_view->show();
}

void TimelineTest::cleanup()
{
    m_view.reset();
    m_scope.reset();
    m_watched.reset();
}

QPoint TimelineTest::at(Time time, int row) const
{
    const QRectF rect = m_view->lanes().at(0).rowRect(row);
    // Beside the text.
    return QPointF(m_view->overlay().xOf(time, m_view->plotRect()), rect.bottom() - 2).toPoint();
}

void TimelineTest::barsHaveTheColoursOfTheirKind()
{
    loop().takeHandlers(batch(110s, {handler(100s, 1s), handler(102s, 1s, HandlerKind::Notifier),
                                     handler(104s, 1s, HandlerKind::Task)}));
    for (const Theme::Kind kind : {Theme::Kind::Dark, Theme::Kind::Light}) {
        Theme::apply(*qApp, kind);
        const Theme &theme = Theme::current();
        QCOMPARE(colorAt(100500ms), theme.blue);
        QCOMPARE(colorAt(102500ms), theme.orange);
        QCOMPARE(colorAt(104500ms), theme.purple);
        QCOMPARE(colorAt(103500ms), theme.base); // it waited
    }
}

void TimelineTest::nestedHandlersLieBelow()
{
    loop().takeHandlers(
        batch(110s, {handler(101s, 1s, HandlerKind::Task, 2), handler(100s, 4s, HandlerKind::Timer, 1)}));
    QCOMPARE(m_view->lanes().at(0).rows, 2);
    QCOMPARE(colorAt(101500ms, 0), Theme::current().blue);
    QCOMPARE(colorAt(101500ms, 1), Theme::current().purple);
    QCOMPARE(colorAt(103s, 1), Theme::current().base);
}

void TimelineTest::shortHandlersAreSeen()
{
    loop().takeHandlers(batch(110s, {handler(100s, 1us), handler(105s, 1us)}));
    const QColor ground = Theme::current().base;
    int seen = 0;
    const QImage image = drawn(*m_view);
    for (int x = -1; x <= 1; ++x)
        seen += image.pixelColor(at(105s) + QPoint(x, 0)) != ground;
    QCOMPARE(seen, 1);
}

void TimelineTest::stallsAreVermillion()
{
    loop().takeHandlers(batch(110s, {handler(100s, 1s), handler(106s, 500ms)}));
    QCOMPARE(colorAt(106250ms), Theme::current().vermillion);
    QCOMPARE(colorAt(100500ms), Theme::current().blue);
}

void TimelineTest::whatRunsGrowsToNow()
{
    HandlerBatch running = batch(110s, {handler(100s, 1s)});
    running.running = {handler(108s, 2s, HandlerKind::Task), running.receivers[0]};
    loop().takeHandlers(running);
    QCOMPARE(colorAt(109s), Theme::current().purple);
    m_scope->setNow(112s);
    m_scope->zoomTo({102s, 112s});
    QCOMPARE(colorAt(111500ms), Theme::current().purple);
}

void TimelineTest::whatIsNotKnownIsHatched()
{
    HandlerBatch next = batch(110s, {handler(108s, 100ms)});
    next.hasLoss = true;
    loop().takeHandlers(batch(104s, {handler(102s, 100ms)}));
    loop().takeHandlers(next);
    const QImage image = drawn(*m_view);
    const auto patterned = [&](Time begin, Time end) {
        const QRect part(at(begin) - QPoint(0, 6), at(end));
        return part.width() * part.height() - pixelsLike(image, part, Theme::current().base, 0);
    };
    QVERIFY(patterned(106s, 107s) > 20);
    QVERIFY(patterned(100500ms, 101500ms) > 20); // before anything was read
    QCOMPARE(patterned(103s, 103500ms), 0);
    m_scope->setCursor(105s);
    QVERIFY(m_view->readOut().contains(QStringLiteral("not recorded")));
    m_scope->setCursor(103s);
    QVERIFY(m_view->readOut().contains(QStringLiteral("no handler")));
}

void TimelineTest::saysWhyThereAreNone()
{
    QVERIFY(!whyNoHandlers(loop()).isEmpty());
    const QImage image = drawn(*m_view);
    const QRect lane = m_view->lanes().at(0).rect.toRect();
    QVERIFY(pixelsLike(image, lane, Theme::current().text, 60) > 50);
    QCOMPARE(colorAt(106250ms), Theme::current().vermillion); // stalls are known all the same
}

void TimelineTest::pointingTells()
{
    LoggedHandler late = handler(104s, 1s);
    late.lateness = 3ms;
    loop().takeHandlers(batch(110s, {late}));
    const QPoint point = at(104500ms);
    QMouseEvent event(QEvent::MouseMove, point, m_view->mapToGlobal(point), Qt::NoButton, Qt::NoButton,
                      Qt::NoModifier);
    QApplication::sendEvent(m_view.get(), &event);
    QVERIFY2(m_view->readOut().contains(QStringLiteral("timer 7 of EchoServer \"front\"")),
             qPrintable(m_view->readOut()));
    for (const char *part : {"main", "lasted 1.00 s", "3.00 ms late", "began "})
        QVERIFY2(m_view->readOut().contains(QLatin1String(part)), part);
}

void TimelineTest::clickSelectsTheStall()
{
    loop().takeHandlers(batch(110s, {handler(100s, 1s), handler(106s, 500ms)}));
    QSignalSpy stalls(m_view.get(), &TimelineView::stallClicked);
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, at(100500ms));
    QCOMPARE(stalls.count(), 0);
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, at(106250ms));
    QCOMPARE(stalls.count(), 1);
    QCOMPARE(stalls[0][0].value<Loop *>(), &loop());
    m_scope->setCursor({});
    QVERIFY(m_view->readOut().contains(QStringLiteral("lasted 500 ms"))); // it stays chosen
}

void TimelineTest::keysReachEveryHandler()
{
    loop().takeHandlers(
        batch(110s, {handler(105s, 3s, HandlerKind::Task, 2), handler(104s, 5s, HandlerKind::Timer, 1)}));
    m_scope->setCursor(106s);
    QVERIFY(m_view->readOut().contains(QStringLiteral("lasted 5.00 s")));
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QVERIFY(m_view->readOut().contains(QStringLiteral("lasted 3.00 s")));
    QTest::keyClick(m_view.get(), Qt::Key_Right);
    QVERIFY(*m_scope->cursor() > 106s);
    QSignalSpy stalls(m_view.get(), &TimelineView::stallClicked);
    QTest::keyClick(m_view.get(), Qt::Key_Up);
    QTest::keyClick(m_view.get(), Qt::Key_Return); // the stall of that kind and moment
    QCOMPARE(stalls.count(), 1);
}

void TimelineTest::manyLoopsAreCounted()
{
    std::vector<Telemetry::LoopFrame> frames;
    for (std::uint64_t id = 1; id <= 60; ++id)
        frames.push_back(idleLoop(111s, 100ms, id));
    QVERIFY(m_watched->show(111s, frames));
    QList<Loop *> all;
    for (Loop *each : m_watched->session.loops())
        all << each;
    m_view->setLoops(all);
    drawn(*m_view);
    QVERIFY(m_view->lanes().size() < 60);
    QVERIFY2(m_view->overlay().title.contains(QStringLiteral("of 60 loops")),
             qPrintable(m_view->overlay().title));
}

void TimelineTest::paintsManyHandlers_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<Duration>("visible");
    for (const int width : {1280, 3840}) {
        QTest::addRow("%d, all", width) << width << Duration(10s);
        QTest::addRow("%d, a tenth", width) << width << Duration(1s);
    }
}

void TimelineTest::paintsManyHandlers()
{
    QFETCH(int, width);
    QFETCH(Duration, visible);
    HandlerBatch many = batch(110s, {});
    for (int i = 0; i < 100'000; ++i) {
        const auto kind = static_cast<HandlerKind>(i % 2 == 0 ? 0 : 1 + i % 5);
        many.handlers.push_back(handler(100s + 100us * i, 60us, kind));
    }
    loop().takeHandlers(many);
    m_view->resize(width, 160);
    m_scope->zoomTo({105s - visible / 2, 105s + visible / 2});
    QImage image(m_view->size(), QImage::Format_ARGB32_Premultiplied);
    QElapsedTimer timer;
    constexpr int Paints = 10;
    qint64 best = std::numeric_limits<qint64>::max();
    for (int i = 0; i < Paints; ++i) {
        timer.start();
        m_view->render(&image);
        best = std::min(best, timer.nsecsElapsed());
    }
    qInfo("100,000 handlers, %d pixels wide, %lld s visible: %.2f ms a paint", width,
          static_cast<long long>(visible / 1s), double(best) / 1e6);
    QVERIFY(best < 1'000'000'000);
}

QTEST_MAIN(TimelineTest)
#include "tst_timeline.moc"
