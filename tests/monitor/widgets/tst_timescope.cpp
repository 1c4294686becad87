// SPDX-License-Identifier: MIT
#include "timescope.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;
using namespace std::chrono_literals;

class TimeScopeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsWhatComes();
    void keepsItsPlaceWhileFrozen();
    void keepsItsPlaceWhileZoomed();
    void zoomsAroundAMoment();
    void zoomHasLimits();
    void zoomIsBoundByTheData();
    void fitsTheAxisToTheData();
    void movesWithinWhatIsKnown();
    void windowEndsZoom();
    void selectionDecidesFocus();
    void tellsOnlyOfChanges();
};

void TimeScopeTest::followsWhatComes()
{
    TimeScope scope;
    scope.setNow(100s);
    QCOMPARE(scope.visible(), (TimeSpan{40s, 100s}));
    scope.setWindow(10s);
    scope.setNow(101s);
    QCOMPARE(scope.visible(), (TimeSpan{91s, 101s}));
}

void TimeScopeTest::keepsItsPlaceWhileFrozen()
{
    TimeScope scope;
    scope.setNow(100s);
    scope.setFrozen(true);
    scope.setNow(130s);
    QCOMPARE(scope.visible(), (TimeSpan{40s, 100s}));
    scope.setFrozen(false);
    QCOMPARE(scope.visible(), (TimeSpan{70s, 130s}));
}

void TimeScopeTest::keepsItsPlaceWhileZoomed()
{
    TimeScope scope;
    scope.setNow(100s);
    scope.zoomTo({50s, 60s});
    scope.setNow(130s);
    QVERIFY(scope.isZoomed());
    QCOMPARE(scope.visible(), (TimeSpan{50s, 60s}));
    scope.resetZoom();
    QCOMPARE(scope.visible(), (TimeSpan{70s, 130s}));
}

void TimeScopeTest::zoomsAroundAMoment()
{
    TimeScope scope;
    scope.setNow(100s);
    scope.zoomBy(0.5, 70s); // the middle
    QCOMPARE(scope.visible(), (TimeSpan{55s, 85s}));
    scope.zoomBy(0.5, 55s); // the left edge stays
    QCOMPARE(scope.visible(), (TimeSpan{55s, 70s}));
}

void TimeScopeTest::zoomHasLimits()
{
    TimeScope scope;
    scope.setNow(100s);
    for (int i = 0; i < 100; ++i)
        scope.zoomBy(0.5, 70s);
    QVERIFY(scope.visible().length() >= TimeScope::ShortestSpan);
    for (int i = 0; i < 100; ++i)
        scope.zoomBy(2, 70s);
    QCOMPARE(scope.visible(), scope.known());
    scope.zoomTo({70s, 70s});
    QCOMPARE(scope.visible().length(), TimeScope::ShortestSpan);
}

void TimeScopeTest::zoomIsBoundByTheData()
{
    TimeScope scope;
    scope.setNow(1000s);
    scope.setKnownBegin(850s);
    for (int i = 0; i < 20; ++i)
        scope.zoomBy(1.5, 990s);
    QCOMPARE(scope.visible(), (TimeSpan{850s, 1000s}));
    scope.zoomTo({850s, 870s});
    scope.zoomBy(2, 870s); // would begin at 830 s
    QCOMPARE(scope.visible(), (TimeSpan{850s, 890s}));
}

void TimeScopeTest::fitsTheAxisToTheData()
{
    TimeScope scope;
    scope.setKnownBegin(100s);
    scope.setNow(101s);
    QCOMPARE(scope.visible(), (TimeSpan{91s, 101s}));
    scope.setNow(125s);
    QCOMPARE(scope.visible(), (TimeSpan{100s, 125s}));
    scope.setNow(500s);
    QCOMPARE(scope.visible(), (TimeSpan{440s, 500s}));
}

void TimeScopeTest::movesWithinWhatIsKnown()
{
    TimeScope scope;
    scope.setNow(1000s);
    scope.setKnownBegin(900s);
    scope.panBy(-5s);
    QCOMPARE(scope.visible(), (TimeSpan{935s, 995s}));
    QVERIFY(scope.isZoomed());
    scope.panBy(-500s);
    QCOMPARE(scope.visible(), (TimeSpan{900s, 960s}));
    scope.setPastBegin(880s);
    scope.panBy(-500s);
    QCOMPARE(scope.visible(), (TimeSpan{880s, 940s}));
    scope.panBy(500s);
    QCOMPARE(scope.visible(), (TimeSpan{940s, 1000s}));
    scope.resetZoom();
    scope.setWindow(600s); // what is before the data does not make room for itself
    QCOMPARE(scope.visible(), (TimeSpan{900s, 1000s}));
}

void TimeScopeTest::windowEndsZoom()
{
    TimeScope scope;
    scope.setNow(1000s);
    scope.zoomTo({50s, 60s});
    scope.setWindow(600s);
    QCOMPARE(scope.visible(), (TimeSpan{400s, 1000s}));
}

void TimeScopeTest::selectionDecidesFocus()
{
    TimeScope scope;
    scope.setNow(100s);
    QCOMPARE(scope.focus(), scope.visible());
    scope.select(70s, 60s);
    QCOMPARE(scope.focus(), (TimeSpan{60s, 70s}));
    scope.clearSelection();
    QCOMPARE(scope.focus(), scope.visible());
    scope.select(70s, 60s);
    scope.select(70s, 70s);
    QVERIFY(!scope.selection());
}

void TimeScopeTest::tellsOnlyOfChanges()
{
    TimeScope scope;
    QSignalSpy visible(&scope, &TimeScope::visibleChanged);
    QSignalSpy selection(&scope, &TimeScope::selectionChanged);
    QSignalSpy cursor(&scope, &TimeScope::cursorChanged);
    scope.setNow(100s);
    scope.setNow(100s);
    QCOMPARE(visible.count(), 1);
    scope.clearSelection();
    QCOMPARE(selection.count(), 0);
    scope.setCursor(5s);
    scope.setCursor(5s);
    QCOMPARE(cursor.count(), 1);
}

QTEST_APPLESS_MAIN(TimeScopeTest)
#include "tst_timescope.moc"
