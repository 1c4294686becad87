// SPDX-License-Identifier: MIT
#include "curves.h"

#include "heatmapview.h"
#include "theme.h"

#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class HeatMapViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void paintsCellsWhereTheyBelong();
    void manyLookUnlikeFew();
    void tellsCountsAtCursor();
    void tellsOfUnknownTime();

private:
    HeatMap map() const;

    std::unique_ptr<TimeScope> m_scope;
    std::unique_ptr<HeatMapView> m_view;
};

/// One cell: 100 durations of about 1 ms in the fourth of ten columns.
HeatMap HeatMapViewTest::map() const
{
    HeatMap map(Minute, 10);
    map.known.assign(10, true);
    map.columns[3][HeatMap::rowOf(std::chrono::milliseconds(1))] = 100;
    map.maximum = 100;
    return map;
}

void HeatMapViewTest::init()
{
    Theme::apply(*qApp, Theme::Kind::Dark);
    m_scope = std::make_unique<TimeScope>();
    m_scope->zoomTo(Minute);
    m_view = std::make_unique<HeatMapView>(*m_scope);
    m_view->resize(600, 240);
    m_view->show();
}

void HeatMapViewTest::paintsCellsWhereTheyBelong()
{
    m_view->setMap(map());
    const QRectF plot = m_view->plotRect();
    const QImage image = drawn(*m_view);
    // 1 ms is three of the seven decades up; the cell reaches from there an eighth of a decade upwards.
    const double y = plot.bottom() - plot.height() * (3.0 + 0.0625) / 7;
    const QColor most = HeatMapView::colorOf(100, 100);
    QCOMPARE(image.pixelColor(QPointF(plot.left() + plot.width() * 0.35, y).toPoint()), most);
    QCOMPARE(image.pixelColor(QPointF(plot.left() + plot.width() * 0.55, y).toPoint()),
             Theme::current().base);
    QCOMPARE(image.pixelColor(QPointF(plot.left() + plot.width() * 0.35, y - 30).toPoint()),
             Theme::current().base);
}

void HeatMapViewTest::manyLookUnlikeFew()
{
    for (const Theme::Kind kind : {Theme::Kind::Dark, Theme::Kind::Light}) {
        Theme::apply(*qApp, kind);
        const int contrast = Theme::current().base.lightness() - HeatMapView::colorOf(1000, 1000).lightness();
        const int least = Theme::current().base.lightness() - HeatMapView::colorOf(1, 1000).lightness();
        QVERIFY(std::abs(contrast) > 2 * std::abs(least));
        QVERIFY(std::abs(least) > 10);
    }
}

void HeatMapViewTest::tellsCountsAtCursor()
{
    m_view->setMap(map());
    m_scope->setCursor(Minute.begin + std::chrono::seconds(20));
    drawn(*m_view);
    const auto &values = m_view->overlay().values;
    QCOMPARE(values.size(), 2u);
    QCOMPARE(values[0].value, QStringLiteral("100"));
    QCOMPARE(values[1].value, QStringLiteral("1.33 ms"));
}

void HeatMapViewTest::tellsOfUnknownTime()
{
    HeatMap unknown = map();
    unknown.known[3] = false;
    m_view->setMap(unknown);
    m_scope->setCursor(Minute.begin + std::chrono::seconds(20));
    drawn(*m_view);
    QCOMPARE(m_view->overlay().values[0].name, QStringLiteral("nothing known"));
}

QTEST_MAIN(HeatMapViewTest)
#include "tst_heatmapview.moc"
