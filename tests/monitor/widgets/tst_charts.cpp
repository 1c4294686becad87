// SPDX-License-Identifier: MIT
#include "curves.h"

#include "queuechart.h"
#include "theme.h"
#include "throughputchart.h"
#include "utilisationchart.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class ChartsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void throughputStacksLayers();
    void throughputNamesTheLargestFirst();
    void throughputKeepsGaps();
    void throughputAxisFollowsTheSum();
    void queueHasItsOwnAxisForAges();
    void queueSaysWhetherPostedIsADepth();
    void utilisationIsInPercent();

private:
    template <typename Chart>
    std::unique_ptr<Chart> make();

    std::unique_ptr<TimeScope> m_scope;
};

template <typename Chart>
std::unique_ptr<Chart> ChartsTest::make()
{
    auto chart = std::make_unique<Chart>(*m_scope);
    chart->resize(600, 200);
    chart->show();
    return chart;
}

void ChartsTest::init()
{
    Theme::apply(*qApp, Theme::Kind::Light);
    m_scope = std::make_unique<TimeScope>();
    m_scope->zoomTo(Minute);
}

void ChartsTest::throughputStacksLayers()
{
    const auto chart = make<ThroughputChart>();
    const Points timers = curve(Minute, [](double) { return 100.0; });
    const Points tasks = curve(Minute, [](double) { return 300.0; });
    chart->setLayers({{HandlerKind::Timer, timers}, {HandlerKind::Task, tasks}});
    QCOMPARE(chart->area(0).upper()[7].value, 100.0);
    QCOMPARE(chart->area(1).lower()[7].value, 100.0);
    QCOMPARE(chart->area(1).upper()[7].value, 400.0);

    const QRectF plot = chart->plotRect();
    const QImage image = drawn(*chart);
    const auto colorAt = [&](double height) {
        return image.pixelColor(
            QPointF(plot.center().x() + 7, plot.bottom() - plot.height() * height).toPoint());
    };
    QCOMPARE(colorAt(0.12), Theme::current().blue);
    QCOMPARE(colorAt(0.62), Theme::current().purple);

    m_scope->setCursor(Minute.begin + std::chrono::seconds(5));
    drawn(*chart);
    QCOMPARE(chart->overlay().values[0].name, QStringLiteral("task"));
    QCOMPARE(chart->overlay().values[0].value, QStringLiteral("300 /s"));
}

void ChartsTest::throughputNamesTheLargestFirst()
{
    const auto chart = make<ThroughputChart>();
    const auto layer = [](HandlerKind kind, double value) {
        return ThroughputChart::Layer{kind, curve(Minute, [=](double) { return value; })};
    };
    chart->setLayers({layer(HandlerKind::Timer, 100), layer(HandlerKind::Notifier, 300),
                      layer(HandlerKind::WindowEvent, 0.1)});
    const auto &legend = chart->overlay().legend;
    QCOMPARE(legend[0].name, QStringLiteral("notifier"));
    QCOMPARE(legend[0].color, Theme::current().orange); // as its area
    QCOMPARE(legend[2].name, QStringLiteral("window event"));
    QVERIFY(chart->overlay().legendKeepsFirst);
}

void ChartsTest::throughputKeepsGaps()
{
    const auto chart = make<ThroughputChart>();
    const auto value = [](double second) { return second > 20 && second < 40 ? std::nan("") : 100.0; };
    const Points points = curve(Minute, value);
    chart->setLayers({{HandlerKind::Timer, points}, {HandlerKind::Task, points}});
    const QRectF plot = chart->plotRect();
    const QImage image = drawn(*chart);
    const QRect middle = plot.adjusted(plot.width() * 0.4, 5, -plot.width() * 0.4, -5).toRect();
    QCOMPARE(pixelsLike(image, middle, Theme::current().blue), 0);
    QVERIFY(pixelsLike(image, middle.translated(-int(plot.width() * 0.35), 0), Theme::current().blue) > 500);
}

void ChartsTest::throughputAxisFollowsTheSum()
{
    const auto chart = make<ThroughputChart>();
    const Points many = curve(Minute, [](double) { return 9'000.0; });
    chart->setLayers({{HandlerKind::Timer, many}, {HandlerKind::Task, many}});
    QCOMPARE(labelsOf(*chart).last(), QStringLiteral("20 k/s"));
    chart->setLayers({{HandlerKind::Timer, curve(Minute, [](double) { return 30.0; })}});
    QCOMPARE(labelsOf(*chart).last(), QStringLiteral("30 /s"));
    QVERIFY(chart->area(1).upper().empty());
}

void ChartsTest::queueHasItsOwnAxisForAges()
{
    const auto chart = make<QueueChart>();
    QueueChart::Data data;
    data.tasks = curve(Minute, [](double second) { return second; });
    data.oldestAge = curve(Minute, [](double) { return 1e6; });
    chart->setData(data);
    QCOMPARE(labelsOf(*chart).last(), QStringLiteral("60"));
    QCOMPARE(chart->tasks().series()[0]->at(300).y(), 30.0);
    QCOMPARE(chart->age().series()[0]->at(300).y(), 6.0);

    m_scope->setCursor(Minute.begin + std::chrono::seconds(30));
    drawn(*chart);
    QCOMPARE(chart->overlay().values[1].value, QStringLiteral("30.0"));
    QCOMPARE(chart->overlay().values[2].value, QStringLiteral("1.00 ms"));
}

void ChartsTest::queueSaysWhetherPostedIsADepth()
{
    const auto chart = make<QueueChart>();
    QueueChart::Data data;
    data.posted = curve(Minute, [](double) { return 2.0; });
    chart->setData(data);
    QCOMPARE(chart->overlay().legend[0].name, QStringLiteral("posts/pass"));
    data.postedIsDepth = true;
    chart->setData(data);
    QCOMPARE(chart->overlay().legend[0].name, QStringLiteral("posted"));
}

void ChartsTest::utilisationIsInPercent()
{
    const auto chart = make<UtilisationChart>();
    chart->setLimits(0.7, 0.9);
    chart->setData(curve(Minute, [](double) { return 0.63; }));
    QCOMPARE(labelsOf(*chart),
             QStringList({QStringLiteral("0 %"), QStringLiteral("50 %"), QStringLiteral("100 %")}));
    QCOMPARE(chart->line().series()[0]->at(0).y(), 63.0);
    const QRectF plot = chart->plotRect();
    const QRect busy(QPointF(plot.left() + 30, plot.bottom() - plot.height() * 0.7 - 3).toPoint(),
                     QSize(300, 6));
    QVERIFY(pixelsLike(drawn(*chart), busy, Theme::current().orange, 60) > 50);
    m_scope->setCursor(Minute.begin + std::chrono::seconds(30));
    drawn(*chart);
    QCOMPARE(chart->overlay().values[0].value, QStringLiteral("63 %"));
}

QTEST_MAIN(ChartsTest)
#include "tst_charts.moc"
