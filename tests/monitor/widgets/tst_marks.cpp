// SPDX-License-Identifier: MIT
#include "curves.h"

#include "comparedlines.h"
#include "percentilechart.h"
#include "plotheader.h"
#include "plotmarks.h"
#include "theme.h"
#include "utilisationchart.h"

#include <QtCore/qdir.h>
#include <QtCore/qthreadpool.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qapplication.h>

#include <algorithm>

using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using namespace std::chrono_literals;

/// What stands over the curves: stalls, legend, read-out.
class MarksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void stallIsDrawnFromBeginToEnd();
    void ongoingStallGrowsWithItsDuration();
    void stallFromBeforeIsSeen();
    void durationStandsBesideAStall();
    void marksThatOverlapAreCounted();
    void stallAtTheEndIsLabelled();
    void stallFromBeforeIsLabelled();
    void thresholdBesideAStallLeavesItItsLabel();
    void labelsCoverNoSign();
    void ongoingStallIsLabelledEverywhere();
    void thresholdsAreNotCounted();
    void paintingNeedsNoThreads();
    void legendTellsWhatHasNoRoom();
    void legendKeepsTheFirstWhereTheyMatter();
    void legendShortensNamesFirst();
    void comparedColoursAreNoOthers_data();
    void comparedColoursAreNoOthers();
    void manyComparedLoopsAreLimited();
    void farSamplesAreNotRead();
    void gapsAreNotRead();
    void readoutTellsTheTime();

private:
    static TimeMark stallAt(Duration begin, Duration length, bool ongoing = false)
    {
        return {Minute.begin + begin,
                TimeMark::Shape::Stall,
                QStringLiteral("Stall"),
                Minute.begin + begin + length,
                ongoing,
                QStringLiteral("2.00 s · Report")};
    }
    static TimeMark thresholdAt(Duration at)
    {
        return {Minute.begin + at, TimeMark::Shape::Threshold, QStringLiteral("busy")};
    }
    std::vector<MarkLabel> labels(TimeChart &chart) const
    {
        return labelsOf(chart.overlay(), chart.plotRect(), QFontMetricsF(chart.font()));
    }
    bool isOnASign(const MarkLabel &label) const;
    int vermillionIn(Duration from, Duration to);

    std::unique_ptr<TimeScope> m_scope;
    std::unique_ptr<PercentileChart> m_chart;
};

void MarksTest::init()
{
    Theme::apply(*qApp, Theme::Kind::Dark);
    m_scope = std::make_unique<TimeScope>();
    m_scope->zoomTo(Minute);
    m_chart = std::make_unique<PercentileChart>(*m_scope);
    m_chart->resize(800, 240);
    m_chart->show();
}

/// How much of the plot between two moments has a tint of a stall, in percent.
int MarksTest::vermillionIn(Duration from, Duration to)
{
    const QImage image = drawn(*m_chart);
    const QRectF plot = m_chart->plotRect();
    const int left = int(m_chart->overlay().xOf(Minute.begin + from, plot)) + 2;
    const int right = int(m_chart->overlay().xOf(Minute.begin + to, plot)) - 2;
    int tinted = 0, all = 0;
    for (int x = left; x < right; ++x)
        for (int y = int(plot.top()) + 20; y < int(plot.bottom()) - 2; ++y, ++all) {
            const QColor pixel = image.pixelColor(x, y);
            tinted += pixel.red() > pixel.blue() + 20;
        }
    return all > 0 ? 100 * tinted / all : 0;
}

void MarksTest::stallIsDrawnFromBeginToEnd()
{
    m_chart->setMarks({stallAt(20s, 10s)});
    QVERIFY(vermillionIn(20s, 30s) > 90);
    QVERIFY(vermillionIn(10s, 19500ms) < 5);
    QVERIFY(vermillionIn(31s, 40s) < 5);
}

void MarksTest::ongoingStallGrowsWithItsDuration()
{
    m_chart->setMarks({stallAt(20s, 10s, true)});
    QVERIFY(vermillionIn(31s, 39s) < 5);
    m_chart->setMarks({stallAt(20s, 20s, true)});
    QVERIFY(vermillionIn(31s, 39s) > 90);
}

void MarksTest::stallFromBeforeIsSeen()
{
    m_chart->setMarks({stallAt(-10s, 20s)});
    QVERIFY(vermillionIn(0s, 10s) > 90);
    const QRectF plot = m_chart->plotRect();
    QVERIFY(m_chart->overlay().markAt({plot.left(), plot.top() + 3}, plot));
}

/// The receiver goes where there is room for the duration only.
void MarksTest::durationStandsBesideAStall()
{
    const auto textBeside = [this](Duration next) {
        TimeMark mark = stallAt(20s, 500ms);
        mark.label = QStringLiteral("500 ms · a receiver with quite a long name");
        m_chart->setMarks({mark, stallAt(20s + next, 500ms)});
        const QRectF plot = m_chart->plotRect();
        const int left = int(m_chart->overlay().xOf(Minute.begin + 21s, plot));
        const int right = int(m_chart->overlay().xOf(Minute.begin + 20s + next, plot)) - 8;
        const QRect beside(left, int(plot.top()), right - left, 14);
        return pixelsLike(drawn(*m_chart), beside, Theme::current().text, 60);
    };
    const int both = textBeside(30s);
    const int duration = textBeside(8s);
    QVERIFY(duration > 20);
    QVERIFY(both > 2 * duration);
}

void MarksTest::marksThatOverlapAreCounted()
{
    const QRectF plot = m_chart->plotRect();
    std::vector<TimeMark> marks;
    for (int i = 0; i < 10; ++i)
        marks.push_back(stallAt(20s + i * 30ms, i == 7 ? 25ms : 5ms));
    marks.push_back(stallAt(40s, 5ms));
    m_chart->setMarks(marks);
    const auto clusters = clustersOf(m_chart->overlay(), plot);
    QCOMPARE(clusters.size(), 2u);
    QCOMPARE(clusters[0].count, 10u);
    QCOMPARE(clusters[0].worst->time, marks[7].time);
    QCOMPARE(clusters[1].count, 1u);
    const TimeMark *hit = m_chart->overlay().markAt({clusters[0].x(), plot.top() + 3}, plot);
    QVERIFY(hit);
    QCOMPARE(hit->time, marks[7].time);
}

bool MarksTest::isOnASign(const MarkLabel &label) const
{
    const QRectF plot = m_chart->plotRect();
    const auto clusters = clustersOf(m_chart->overlay(), plot);
    return std::ranges::any_of(clusters, [&](const MarkCluster &cluster) {
        return markRect(cluster.x(), plot).intersects(label.rect);
    });
}

/// A program ended in it, so it reaches to where the plot ends.
void MarksTest::stallAtTheEndIsLabelled()
{
    for (const auto begin : {20s, 58s}) {
        m_chart->setMarks({stallAt(begin, 60s - begin)});
        const auto found = labels(*m_chart);
        QCOMPARE(found.size(), 1u);
        QCOMPARE(found[0].text, QStringLiteral("2.00 s · Report"));
        QVERIFY(m_chart->plotRect().adjusted(0, -1, 0, 0).contains(found[0].rect));
        QVERIFY(!isOnASign(found[0]));
    }
}

void MarksTest::stallFromBeforeIsLabelled()
{
    m_chart->setMarks({stallAt(-10s, 70s, true)});
    const auto found = labels(*m_chart);
    QCOMPARE(found.size(), 1u);
    QCOMPARE(found[0].text, QStringLiteral("2.00 s · Report"));
    QVERIFY(!found[0].stressed); // it stands on the tint
}

void MarksTest::thresholdBesideAStallLeavesItItsLabel()
{
    m_chart->setMarks({stallAt(20s, 500ms), thresholdAt(20900ms)});
    const auto found = labels(*m_chart);
    QCOMPARE(found.size(), 1u);
    QCOMPARE(found[0].text, QStringLiteral("2.00 s · Report"));
    QVERIFY(!isOnASign(found[0]));
}

void MarksTest::labelsCoverNoSign()
{
    std::vector<TimeMark> marks;
    for (auto at = 1s; at < 57s; at += 4s)
        marks.push_back(stallAt(at, 100ms));
    marks.push_back(thresholdAt(54500ms));
    marks.push_back(stallAt(59s, 1s, true));
    m_chart->setMarks(marks);
    const auto found = labels(*m_chart);
    QVERIFY(!found.empty());
    for (std::size_t i = 0; i < found.size(); ++i) {
        QVERIFY2(!isOnASign(found[i]), qPrintable(found[i].text));
        for (std::size_t j = 0; j < i; ++j)
            QVERIFY(!found[i].rect.intersects(found[j].rect));
    }
}

/// Where others have no label, it has its duration at least.
void MarksTest::ongoingStallIsLabelledEverywhere()
{
    UtilisationChart chart(*m_scope);
    chart.resize(400, 160);
    chart.setMarks({stallAt(10s, 500ms), stallAt(55s, 5s, true)});
    const auto found = labels(chart);
    QCOMPARE(found.size(), 1u);
    QCOMPARE(found[0].text, QStringLiteral("2.00 s"));
}

void MarksTest::thresholdsAreNotCounted()
{
    m_chart->setMarks({thresholdAt(20s), thresholdAt(20100ms)});
    QVERIFY(labels(*m_chart).empty());
}

/// Qt's raster engine hands large translucent fills to a pool of threads, which costs more than they do.
void MarksTest::paintingNeedsNoThreads()
{
    const QDir threads(QStringLiteral("/proc/self/task"));
    if (!threads.exists())
        QSKIP("threads can be counted on Linux only");
    UtilisationChart utilisation(*m_scope);
    utilisation.resize(800, 240);
    utilisation.setData(curve(Minute, [](double second) { return 0.5 + 0.4 * std::sin(second); }));
    for (TimeChart *chart : std::initializer_list<TimeChart *>{m_chart.get(), &utilisation})
        chart->setMarks({stallAt(10s, 5s), thresholdAt(12s), stallAt(40s, 20s, true)});
    m_scope->select(Minute.begin + 5s, Minute.begin + 50s);
    const auto count = [&threads] { return threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(); };
    QThreadPool::globalInstance()->waitForDone(); // ends those of other tests
    const auto before = count();
    m_chart->grab();
    utilisation.grab();
    QCOMPARE(count(), before);
}

void MarksTest::legendKeepsTheFirstWhereTheyMatter()
{
    std::vector<LegendEntry> legend;
    for (int i = 0; i < 12; ++i)
        legend.push_back({QStringLiteral("loop-%1").arg(i), Qt::red, 1, Qt::SolidLine, false, {}});
    const auto width = [](const QString &text) { return 7.0 * double(text.size()); };
    const auto some = fittingLegend(legend, 300, width, LegendLoss::Last);
    QVERIFY(some.size() > 2);
    QCOMPARE(some.front().name, QStringLiteral("loop-0"));
    QCOMPARE(some.back().name, QStringLiteral("+%1").arg(12 - (some.size() - 1)));
}

void MarksTest::legendTellsWhatHasNoRoom()
{
    std::vector<LegendEntry> legend;
    for (int i = 0; i < 12; ++i)
        legend.push_back({QStringLiteral("loop-%1").arg(i), Qt::red, 1, Qt::SolidLine, false, {}});
    const auto width = [](const QString &text) { return 7.0 * double(text.size()); };
    QCOMPARE(fittingLegend(legend, 2000, width).size(), 12u);
    const auto some = fittingLegend(legend, 300, width);
    QVERIFY(some.size() > 2);
    QCOMPARE(some.front().name, QStringLiteral("+%1").arg(12 - (some.size() - 1)));
    QCOMPARE(some.back().name, QStringLiteral("loop-11"));
}

void MarksTest::legendShortensNamesFirst()
{
    const std::vector<LegendEntry> legend{
        {QStringLiteral("a thread with a very long name"), Qt::red, 1, Qt::SolidLine, false, {}},
        {QStringLiteral("p99"), Qt::red, 1, Qt::SolidLine, false, {}}};
    const auto width = [](const QString &text) { return 7.0 * double(text.size()); };
    const auto some = fittingLegend(legend, 180, width);
    QCOMPARE(some.size(), 2u);
    QVERIFY(some[0].name.startsWith(QStringLiteral("a thre")));
    QVERIFY(some[0].name.endsWith(QStringLiteral("name")));
}

void MarksTest::comparedColoursAreNoOthers_data()
{
    QTest::addColumn<Theme::Kind>("kind");
    QTest::newRow("dark") << Theme::Kind::Dark;
    QTest::newRow("light") << Theme::Kind::Light;
}

void MarksTest::comparedColoursAreNoOthers()
{
    QFETCH(Theme::Kind, kind);
    Theme::apply(*qApp, kind);
    m_chart->applyTheme();
    const auto distance = [](const QColor &a, const QColor &b) {
        return std::hypot(a.red() - b.red(), a.green() - b.green(), a.blue() - b.blue());
    };
    std::vector<QColor> own;
    for (const LegendEntry &entry : m_chart->overlay().legend)
        own.push_back(entry.color);
    QVERIFY(own.size() >= 5);
    std::vector<NamedCurve> curves(ComparedLines::Most);
    ComparedLines lines(m_chart->chart(), nullptr, nullptr);
    lines.setCurves(curves);
    const std::vector<LegendEntry> compared = lines.entries();
    for (std::size_t i = 0; i < compared.size(); ++i) {
        for (const QColor &color : own)
            QVERIFY2(distance(compared[i].color, color) > 50, qPrintable(compared[i].color.name()));
        for (std::size_t j = 0; j < i; ++j)
            QVERIFY2(distance(compared[i].color, compared[j].color) > 40,
                     qPrintable(compared[i].color.name()));
    }
}

void MarksTest::manyComparedLoopsAreLimited()
{
    UtilisationChart chart(*m_scope);
    std::vector<NamedCurve> curves;
    for (int i = 0; i < 26; ++i)
        curves.push_back({QStringLiteral("loop-%1").arg(i), curve(Minute, [](double) { return 0.5; })});
    const qsizetype before = chart.chart()->series().size();
    chart.setCompared(curves);
    QCOMPARE(chart.chart()->series().size() - before, qsizetype(ComparedLines::Most));
    QVERIFY(chart.overlay().legend.front().name.contains(QStringLiteral("18 more")));
}

void MarksTest::farSamplesAreNotRead()
{
    m_chart->setData({{}, {}, {{Minute.begin + 5s, 1e6}, {Minute.begin + 50s, 2e6}}, {}});
    const auto p99At = [this](Duration at) {
        m_scope->setCursor(Minute.begin + at);
        drawn(*m_chart);
        return m_chart->overlay().values[1].value;
    };
    QCOMPARE(p99At(4800ms), QStringLiteral("1.00 ms"));
    QCOMPARE(p99At(20s), QStringLiteral("–"));
    QCOMPARE(p99At(49500ms), QStringLiteral("2.00 ms"));
    QCOMPARE(p99At(55s), QStringLiteral("–"));
}

void MarksTest::gapsAreNotRead()
{
    Points points = curve({Minute.begin, Minute.begin + 20s}, [](double) { return 1e6; });
    points.push_back(Point::gap(points.back().at));
    const Points after = curve({Minute.begin + 40s, Minute.end}, [](double) { return 1e6; });
    points.insert(points.end(), after.begin(), after.end());
    QVERIFY(std::isnan(valueAt(points, Minute.begin + 30s, 1s)));
    QVERIFY(std::isnan(valueAt(points, Minute.begin + 39500ms, 1s)));
    QCOMPARE(valueAt(points, Minute.begin + 19950ms, 1s), 1e6);
    QCOMPARE(valueAt(points, Minute.begin + 39950ms, 1s), 1e6);
}

void MarksTest::readoutTellsTheTime()
{
    m_scope->setCursor(Minute.begin + 1500ms);
    drawn(*m_chart);
    QCOMPARE(m_chart->overlay().cursorTime(), QStringLiteral("00:10:01.500"));
}

QTEST_MAIN(MarksTest)
#include "tst_marks.moc"
