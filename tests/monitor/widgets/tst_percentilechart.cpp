// SPDX-License-Identifier: MIT
#include "curves.h"

#include "percentilechart.h"
#include "theme.h"

#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class PercentileChartTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void drawsLogarithmsOfNanoseconds();
    void labelsAxisInUnits();
    void growsForLongerDurations();
    void leavesGapsEmpty();
    void showsLonePoints();
    void tellsValuesAtCursor();
    void drawsLimits();
    void takesColoursOfTheme();

private:
    std::unique_ptr<TimeScope> m_scope;
    std::unique_ptr<PercentileChart> m_chart;
};

void PercentileChartTest::init()
{
    Theme::apply(*qApp, Theme::Kind::Dark);
    m_scope = std::make_unique<TimeScope>();
    m_scope->zoomTo(Minute);
    m_chart = std::make_unique<PercentileChart>(*m_scope);
    m_chart->resize(800, 240);
    m_chart->show();
}

void PercentileChartTest::drawsLogarithmsOfNanoseconds()
{
    const Points p50 = curve(Minute, [](double) { return 1e4; });
    const Points p99 = curve(Minute, [](double) { return 1e7; });
    m_chart->setData({p50, p50, p99, p99});
    const auto shown = m_chart->line(0).series();
    QCOMPARE(shown.size(), 1u);
    QCOMPARE(shown[0]->count(), 601);
    QCOMPARE(shown[0]->at(0), QPointF(600, 4));
    QCOMPARE(m_chart->line(2).series()[0]->at(600), QPointF(660, 7));

    // On the screen: 10 ms lies two thirds up between 1 µs and 1 s.
    const QRectF plot = m_chart->plotRect();
    const int y = int(plot.bottom() - plot.height() * 4 / 6);
    const QRect band(int(plot.left()) + 20, y - 3, int(plot.width()) - 40, 6);
    QVERIFY(pixelsLike(drawn(*m_chart), band, Theme::current().orange, 40) > band.width());
}

void PercentileChartTest::labelsAxisInUnits()
{
    m_chart->resize(800, 400);
    m_chart->setData({});
    QCOMPARE(labelsOf(*m_chart),
             QStringList({QStringLiteral("1 µs"), QStringLiteral("10 µs"), QStringLiteral("100 µs"),
                          QStringLiteral("1 ms"), QStringLiteral("10 ms"), QStringLiteral("100 ms"),
                          QStringLiteral("1 s")}));
    m_chart->resize(800, 130);
    QCOMPARE(labelsOf(*m_chart),
             QStringList({QStringLiteral("1 µs"), QStringLiteral("1 ms"), QStringLiteral("1 s")}));
}

void PercentileChartTest::growsForLongerDurations()
{
    m_chart->resize(800, 130);
    m_chart->setData({{}, {}, {}, curve(Minute, [](double) { return 3e10; })});
    QCOMPARE(labelsOf(*m_chart),
             QStringList({QStringLiteral("1 µs"), QStringLiteral("1 ms"), QStringLiteral("1 s")}));
    QCOMPARE(m_chart->line(3).series().size(), 1u);
    const QRectF plot = m_chart->plotRect();
    QVERIFY(pixelsLike(drawn(*m_chart), plot.adjusted(2, 2, -2, -plot.height() / 2).toRect(),
                       Theme::current().quiet) > 50);
}

void PercentileChartTest::leavesGapsEmpty()
{
    const auto value = [](double second) { return second > 20 && second < 40 ? std::nan("") : 1e6; };
    const Points points = curve(Minute, value);
    m_chart->setData({{}, {}, points, {}});
    QCOMPARE(m_chart->line(2).series().size(), 2u);
    const QRectF plot = m_chart->plotRect();
    const auto part = [&](double from, double to) {
        return QRect(QPoint(int(plot.left() + plot.width() * from), int(plot.top()) + 2),
                     QPoint(int(plot.left() + plot.width() * to), int(plot.bottom()) - 2));
    };
    const QImage image = drawn(*m_chart);
    QCOMPARE(pixelsLike(image, part(0.4, 0.6), Theme::current().orange), 0);
    QVERIFY(pixelsLike(image, part(0.1, 0.3), Theme::current().orange) > 100);
    QVERIFY(pixelsLike(image, part(0.7, 0.9), Theme::current().orange) > 100);
}

void PercentileChartTest::showsLonePoints()
{
    const Time middle = Minute.begin + Minute.length() / 2;
    m_chart->setData({{}, {}, {Point::gap(Minute.begin), {middle, 1e6}, Point::gap(Minute.end)}, {}});
    QVERIFY(pixelsLike(drawn(*m_chart), m_chart->plotRect().toRect(), Theme::current().orange) > 0);
}

void PercentileChartTest::tellsValuesAtCursor()
{
    const Points p50 = curve(Minute, [](double second) { return second < 30 ? 1.24e6 : 5e6; });
    m_chart->setData({p50, p50, p50, p50});
    m_scope->setCursor(Minute.begin + std::chrono::seconds(10));
    drawn(*m_chart);
    QCOMPARE(m_chart->overlay().values.back().name, QStringLiteral("p50"));
    QCOMPARE(m_chart->overlay().values.back().value, QStringLiteral("1.24 ms"));
    m_scope->setCursor(Minute.begin + std::chrono::seconds(50));
    drawn(*m_chart);
    QCOMPARE(m_chart->overlay().values.back().value, QStringLiteral("5.00 ms"));
}

void PercentileChartTest::drawsLimits()
{
    const QRectF plot = m_chart->plotRect();
    const QRect inside = plot.adjusted(2, 2, -2, -2).toRect();
    m_chart->setData({});
    QCOMPARE(pixelsLike(drawn(*m_chart), inside, Theme::current().vermillion), 0);
    m_chart->setLimits(DurationLimits{std::chrono::milliseconds(10), std::chrono::milliseconds(50)});
    QVERIFY(pixelsLike(drawn(*m_chart), inside, Theme::current().vermillion, 60) > 100);
    m_chart->setLimits(std::nullopt);
    QCOMPARE(pixelsLike(drawn(*m_chart), inside, Theme::current().vermillion), 0);
}

void PercentileChartTest::takesColoursOfTheme()
{
    const QPoint corner(3, 3);
    QCOMPARE(drawn(*m_chart).pixelColor(corner), Theme::of(Theme::Kind::Dark).base);
    Theme::apply(*qApp, Theme::Kind::Light);
    m_chart->applyTheme();
    QCOMPARE(drawn(*m_chart).pixelColor(corner), Theme::of(Theme::Kind::Light).base);
}

QTEST_MAIN(PercentileChartTest)
#include "tst_percentilechart.moc"
