// SPDX-License-Identifier: MIT
#include "curves.h"

#include "percentilechart.h"
#include "queuechart.h"
#include "theme.h"
#include "throughputchart.h"
#include "utilisationchart.h"

#include <QtTest/qtest.h>
#include <QtWidgets/qapplication.h>
#include <QtWidgets/qstackedwidget.h>

#include <functional>

using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

using MakeChart = std::function<TimeChart *(TimeScope &)>;
Q_DECLARE_METATYPE(MakeChart)

/// Grid, axes, labels and curves stay together whatever size a chart is given, as often as one likes.
class ResizeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void gridLiesAtTheLabels_data() { charts(); }
    void gridLiesAtTheLabels();
    void gridOfAChartShownLater_data() { charts(); }
    void gridOfAChartShownLater();
    void curveLiesAtTheLabels();

private:
    static void charts();
    static void compareGrid(TimeChart &chart);
    static bool isLaidOut(const QWidget &chart, QSize size)
    {
        return QTest::qWaitFor([&] { return chart.size() == size; });
    }
};

void ResizeTest::initTestCase()
{
    Theme::apply(*qApp, Theme::Kind::Dark);
}

void ResizeTest::charts()
{
    QTest::addColumn<MakeChart>("make");
    QTest::newRow("percentiles") << MakeChart([](TimeScope &scope) { return new PercentileChart(scope); });
    QTest::newRow("throughput") << MakeChart([](TimeScope &scope) { return new ThroughputChart(scope); });
    QTest::newRow("queue") << MakeChart([](TimeScope &scope) { return new QueueChart(scope); });
    QTest::newRow("utilisation") << MakeChart([](TimeScope &scope) { return new UtilisationChart(scope); });
}

/// A line at each tick from end to end, and none of its colour between two ticks and beside the plot.
void ResizeTest::compareGrid(TimeChart &chart)
{
    const QImage image = drawn(chart);
    const QRectF plot = chart.plotRect();
    const QColor grid = Theme::current().grid;
    const auto lineAt = [&](double y) {
        return pixelsLike(image, QRect(int(plot.left()) + 3, int(y) - 1, int(plot.width()) - 6, 3), grid, 4);
    };
    const auto &ticks = chart.overlay().left;
    QVERIFY(ticks.size() > 1);
    const double step = plot.height() / (ticks.back().position - ticks.front().position);
    const auto yOf = [&](double position) {
        return plot.bottom() - (position - ticks.front().position) * step;
    };
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        QVERIFY2(lineAt(yOf(ticks[i].position)) > plot.width() * 0.9, qPrintable(ticks[i].label));
        const double between = i + 1 < ticks.size() ? (ticks[i].position + ticks[i + 1].position) / 2 : 0;
        if (i + 1 < ticks.size() && yOf(ticks[i].position) - yOf(between) > 4)
            QVERIFY2(lineAt(yOf(between)) < plot.width() * 0.1, qPrintable(ticks[i].label));
    }
    const QRect left(int(plot.left()) - 1, int(plot.top()) + 2, 3, int(plot.height()) - 4);
    QVERIFY(pixelsLike(image, left, grid, 4) > plot.height() * 0.9);
}

void ResizeTest::gridLiesAtTheLabels()
{
    QFETCH(MakeChart, make);
    TimeScope scope;
    scope.zoomTo(Minute);
    const std::unique_ptr<TimeChart> chart(make(scope));
    chart->resize(700, 260);
    chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart.get()));
    for (const QSize size : {QSize(500, 180), QSize(900, 420), QSize(320, 140), QSize(700, 260)}) {
        chart->resize(size);
        QVERIFY(isLaidOut(*chart, size));
        compareGrid(*chart);
    }
}

void ResizeTest::gridOfAChartShownLater()
{
    QFETCH(MakeChart, make);
    TimeScope scope;
    scope.zoomTo(Minute);
    QStackedWidget pages;
    TimeChart *chart = make(scope);
    pages.addWidget(new QWidget);
    pages.addWidget(chart);
    pages.resize(640, 300);
    pages.show();
    QVERIFY(QTest::qWaitForWindowExposed(&pages));
    pages.resize(800, 340);
    pages.setCurrentIndex(1);
    QTRY_COMPARE(chart->size(), pages.size());
    compareGrid(*chart);
    pages.resize(500, 200);
    QTRY_COMPARE(chart->size(), pages.size());
    compareGrid(*chart);
}

void ResizeTest::curveLiesAtTheLabels()
{
    TimeScope scope;
    scope.zoomTo(Minute);
    UtilisationChart chart(scope);
    chart.resize(700, 260);
    chart.show();
    chart.setData(curve(Minute, [](double) { return 0.4; }));
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    for (const QSize size : {QSize(500, 180), QSize(900, 420), QSize(320, 140)}) {
        chart.resize(size);
        QVERIFY(isLaidOut(chart, size));
        const QRectF plot = chart.plotRect();
        const int y = int(plot.bottom() - plot.height() * 0.4);
        const QRect band(int(plot.left()) + 3, y - 2, int(plot.width()) - 6, 5);
        QVERIFY(pixelsLike(drawn(chart), band, Theme::current().skyBlue, 40) > band.width() * 0.9);
    }
}

QTEST_MAIN(ResizeTest)
#include "tst_resize.moc"
