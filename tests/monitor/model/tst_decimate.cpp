// SPDX-License-Identifier: MIT
#include "model/decimate.h"

#include <QtTest/qtest.h>

#include <algorithm>

using namespace Flywheel::Monitor;
using namespace std::chrono_literals;

namespace {

/// \a count points, one each 100 ms, of value 1.
std::vector<Point> flat(int count)
{
    std::vector<Point> points;
    for (int i = 0; i < count; ++i)
        points.push_back({i * 100ms, 1});
    return points;
}

double highest(const std::vector<Point> &points)
{
    double result = 0;
    for (const Point &point : points)
        result = point.isGap() ? result : std::max(result, point.value);
    return result;
}

bool isAscending(const std::vector<Point> &points)
{
    return std::is_sorted(points.begin(), points.end(),
                          [](const Point &a, const Point &b) { return a.at < b.at; });
}

} // namespace

class tst_Decimate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fewPointsStay();
    void noSpikeDisappears();
    void noDipDisappears();
    void gapsStay();
    void spikesBesideGapsStay();
    void manyGapsKeepTheBound();
    void neighboursOfTheViewStay();
    void scrollingChangesNoSlice();
    void emptyCurve();
};

void tst_Decimate::fewPointsStay()
{
    const auto points = flat(100);
    QCOMPARE(decimate(points, {0s, 10s}, 100).size(), points.size());
}

void tst_Decimate::noSpikeDisappears()
{
    for (std::size_t spike = 0; spike < 6000; spike += 37) {
        auto points = flat(6000);
        points[spike].value = 50;
        const auto result = decimate(points, {0s, 600s}, 600);
        QVERIFY(result.size() <= 600);
        QVERIFY(result.size() > 300);
        QVERIFY(isAscending(result));
        QCOMPARE(highest(result), 50.0);
    }
}

void tst_Decimate::noDipDisappears()
{
    auto points = flat(6000);
    points[4321].value = 0.25;
    const auto result = decimate(points, {0s, 600s}, 600);
    QVERIFY(std::any_of(result.begin(), result.end(),
                        [](const Point &point) { return point.value == 0.25 && point.at == 432'100ms; }));
}

void tst_Decimate::gapsStay()
{
    auto points = flat(6000);
    points[1234] = Point::gap(points[1234].at);
    const auto result = decimate(points, {0s, 600s}, 600);
    QVERIFY(result.size() <= 600);
    QCOMPARE(std::count_if(result.begin(), result.end(), [](const Point &point) { return point.isGap(); }),
             1);
    QVERIFY(isAscending(result));
}

void tst_Decimate::spikesBesideGapsStay()
{
    for (const std::size_t spike : {1233u, 1235u}) {
        auto points = flat(6000);
        points[1234] = Point::gap(points[1234].at);
        points[spike].value = 50;
        QCOMPARE(highest(decimate(points, {0s, 600s}, 600)), 50.0);
    }
}

void tst_Decimate::manyGapsKeepTheBound()
{
    auto points = flat(6000);
    for (std::size_t i = 0; i < points.size(); i += 2)
        points[i] = Point::gap(points[i].at);
    points[3333].value = 50;
    const auto result = decimate(points, {0s, 600s}, 600);
    QVERIFY(result.size() <= 600);
    QCOMPARE(highest(result), 50.0);
}

void tst_Decimate::neighboursOfTheViewStay()
{
    const auto result = decimate(flat(100), {5050ms, 6050ms}, 600);
    QCOMPARE(result.front().at, 5000ms);
    QCOMPARE(result.back().at, 6100ms);
}

void tst_Decimate::scrollingChangesNoSlice()
{
    std::vector<Point> points = flat(12'000);
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i].value = static_cast<double>(i * 7919 % 101);
    const auto before = decimate(points, {300s, 900s}, 600);
    const auto after = decimate(points, {300s + 700ms, 900s + 700ms}, 600);
    // All but the slices at the two edges are the same.
    const auto inside = [](std::vector<Point> all) {
        std::erase_if(all, [](const Point &point) { return point.at < 310s || point.at > 890s; });
        return all;
    };
    const auto a = inside(before);
    const auto b = inside(after);
    QCOMPARE(a.size(), b.size());
    QVERIFY(std::equal(a.begin(), a.end(), b.begin(), [](const Point &left, const Point &right) {
        return left.at == right.at && left.value == right.value;
    }));
}

void tst_Decimate::emptyCurve()
{
    QVERIFY(decimate({}, {0s, 10s}, 600).empty());
}

QTEST_APPLESS_MAIN(tst_Decimate)
#include "tst_decimate.moc"
