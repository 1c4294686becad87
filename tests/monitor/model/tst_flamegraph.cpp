// SPDX-License-Identifier: MIT
#include "model/codenames.h"
#include "model/flamegraph.h"
#include "model/flametext.h"

#include "monitor/support/stacks.h"
#include "monitor/support/watched.h"

#include <QtCore/qelapsedtimer.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class tst_FlameGraph : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_watched.reset(); }

    void mergesWhatIsCalledInTheSameWay();
    void longestCallsComeFirst();
    void sleepIsACallOfItsOwn();
    void cutStacksDoNotBeginAtTheBottom();
    void codeOfRunTimeIsOneCall();
    void searchCountsTimeOnce();
    void pathsLeadToTheSameCall();
    void trunkEndsWhereStacksPart();
    void loopsOfOneNameStayApart();
    void saysWhyItIsEmpty();
    void saysWhatItIsMadeOf();
    void tenThousandStacks();

private:
    FlameGraph graphOf(const std::vector<Stall> &stalls);
    FlameGraph forked();

    std::unique_ptr<Watched> m_watched;
    CodeNames m_names;
};

namespace {

/// "1>2" for the call at 0x2 that the one at 0x1 made.
int nodeOf(const FlameGraph &graph, const QString &calls)
{
    QStringList path{graph.at(1).name + QLatin1Char('\n') + graph.at(1).module};
    for (const QString &call : calls.split(QLatin1Char('>')))
        path << QStringLiteral("app+0x%1\napp").arg(call);
    const int node = graph.find(path);
    return graph.at(node).depth == path.size() ? node : -1;
}

Duration timeOf(const FlameGraph &graph, const char *calls)
{
    const int node = nodeOf(graph, QString::fromLatin1(calls));
    return node < 0 ? Duration(-1) : graph.at(node).time;
}

} // namespace

void tst_FlameGraph::init()
{
    m_watched = std::make_unique<Watched>();
    QVERIFY(m_watched->isAttached());
}

FlameGraph tst_FlameGraph::graphOf(const std::vector<Stall> &stalls)
{
    Telemetry::LoopFrame loop = idleLoop(100s);
    loop.stalls = stalls;
    if (!m_watched->show(100s, {loop}))
        qFatal("the frame did not arrive");
    const QList<Loop *> loops{m_watched->loop()};
    return flameGraphOf(stackTimesOf(loops, {}), loops, m_names);
}

/// 1 calls 2 for 300 ms, 2 calls 3 for 100 ms of them; 1 calls 3 for 60 ms.
FlameGraph tst_FlameGraph::forked()
{
    return graphOf({stallWith(1, 10s, 100ms, {stackAt(10050ms, {1, 2, 3})}),
                    stallWith(2, 20s, 200ms, {stackAt(20050ms, {1, 2})}),
                    stallWith(3, 30s, 60ms, {stackAt(30050ms, {1, 3})})});
}

void tst_FlameGraph::mergesWhatIsCalledInTheSameWay()
{
    const FlameGraph graph = forked();
    QCOMPARE(graph.at(0).time, 360ms);
    QCOMPARE(graph.at(1).name, QStringLiteral("main"));
    QCOMPARE(timeOf(graph, "1"), 360ms);
    QCOMPARE(timeOf(graph, "1>2"), 300ms);
    QCOMPARE(timeOf(graph, "1>2>3"), 100ms);
    QCOMPARE(timeOf(graph, "1>3"), 60ms);
    QCOMPARE(timeOf(graph, "2"), Duration(-1));
    QCOMPARE(graph.selfTime(nodeOf(graph, QStringLiteral("1>2"))), 200ms);
    QCOMPARE(graph.depth(), 4);
    QCOMPARE(graph.share(90ms), 0.25);
}

void tst_FlameGraph::longestCallsComeFirst()
{
    const FlameGraph graph = graphOf({stallWith(1, 10s, 60ms, {stackAt(10050ms, {1, 2})}),
                                      stallWith(2, 20s, 200ms, {stackAt(20050ms, {1, 3})})});
    const FlameNode &one = graph.at(nodeOf(graph, QStringLiteral("1")));
    QCOMPARE(one.children.size(), 2u);
    QCOMPARE(graph.at(one.children[0]).name, QStringLiteral("app+0x3"));
}

void tst_FlameGraph::sleepIsACallOfItsOwn()
{
    const FlameGraph graph = graphOf({stallWith(1, 10s, 100ms, {stackAt(10050ms, {1}, "read")}),
                                      stallWith(2, 20s, 200ms, {stackAt(20050ms, {1})})});
    const FlameNode &one = graph.at(nodeOf(graph, QStringLiteral("1")));
    QCOMPARE(one.time, 300ms);
    QCOMPARE(one.slept, 100ms);
    QCOMPARE(one.children.size(), 1u);
    const FlameNode &sleep = graph.at(one.children[0]);
    QCOMPARE(sleep.kind, FlameNode::Kind::Sleep);
    QCOMPARE(sleep.name, QStringLiteral("sleeps in read"));
    QCOMPARE(sleep.slept, 100ms);
}

void tst_FlameGraph::cutStacksDoNotBeginAtTheBottom()
{
    StackSample cut = stackAt(10050ms, {2});
    cut.isCut = true;
    const FlameGraph graph =
        graphOf({stallWith(1, 10s, 100ms, {cut}), stallWith(2, 20s, 60ms, {stackAt(20050ms, {2})})});
    QCOMPARE(timeOf(graph, "2"), 60ms);
    const std::vector<int> &first = graph.at(1).children;
    QCOMPARE(first.size(), 2u);
    QCOMPARE(graph.at(first[0]).kind, FlameNode::Kind::Cut);
    QCOMPARE(graph.at(first[0]).time, 100ms);
}

void tst_FlameGraph::codeOfRunTimeIsOneCall()
{
    StackSample made = stackAt(10050ms, {1, 2});
    made.frames[0].module = StackFrame::NoModule;
    StackSample other = made;
    other.frames[0].address += 16;
    const FlameGraph graph = graphOf({stallWith(1, 10s, 100ms, {made}), stallWith(2, 20s, 60ms, {other})});
    const FlameNode &one = graph.at(nodeOf(graph, QStringLiteral("1")));
    QCOMPARE(one.children.size(), 1u);
    QCOMPARE(graph.at(one.children[0]).name, QStringLiteral("(code that was made at run time)"));
}

void tst_FlameGraph::searchCountsTimeOnce()
{
    const FlameGraph graph = graphOf({stallWith(1, 10s, 100ms, {stackAt(10050ms, {1, 2, 2, 3})}),
                                      stallWith(2, 20s, 200ms, {stackAt(20050ms, {1, 4})})});
    QCOMPARE(graph.match(QStringLiteral("0X2")).time, 100ms);
    QCOMPARE(graph.match(QStringLiteral("app")).time, 300ms);
    QCOMPARE(graph.match(QStringLiteral("nothing")).time, 0ms);
    QCOMPARE(graph.match(QString()).time, 0ms);
    const FlameGraph::Match match = graph.match(QStringLiteral("0x2"));
    QCOMPARE(std::count(match.nodes.begin(), match.nodes.end(), true), 2);
    QCOMPARE(flameMatchText(graph, match, QStringLiteral("0x2")),
             QStringLiteral("“0x2”: 33 % of the time (100 ms)."));
}

void tst_FlameGraph::pathsLeadToTheSameCall()
{
    const FlameGraph graph = forked();
    for (int node = 0; node < int(graph.nodes().size()); ++node)
        QCOMPARE(graph.find(graph.pathOf(node)), node);
    QStringList path = graph.pathOf(nodeOf(graph, QStringLiteral("1>2")));
    path << QStringLiteral("gone");
    QCOMPARE(graph.find(path), nodeOf(graph, QStringLiteral("1>2")));
}

void tst_FlameGraph::trunkEndsWhereStacksPart()
{
    QCOMPARE(FlameGraph().trunk(), 0);
    const FlameGraph graph = forked();
    QCOMPARE(graph.trunk(), nodeOf(graph, QStringLiteral("1")));
}

void tst_FlameGraph::loopsOfOneNameStayApart()
{
    Telemetry::LoopFrame first = idleLoop(100s, 100ms, 2);
    first.stalls = {stallWith(1, 10s, 100ms, {stackAt(10050ms, {1})})};
    Telemetry::LoopFrame second = idleLoop(100s, 100ms, 3);
    second.stalls = {stallWith(1, 10s, 60ms, {stackAt(10050ms, {1})})};
    QVERIFY(m_watched->show(100s, {first, second}));
    const QList<Loop *> loops{m_watched->loop(0), m_watched->loop(1)};
    const FlameGraph graph = flameGraphOf(stackTimesOf(loops, {}), loops, m_names);
    QCOMPARE(graph.at(0).children.size(), 2u);
    QCOMPARE(graph.at(graph.at(0).children[0]).name, QStringLiteral("worker"));
    QCOMPARE(graph.at(graph.at(0).children[0]).time, 100ms);
}

void tst_FlameGraph::saysWhyItIsEmpty()
{
    StackTimes times;
    QCOMPARE(whyNoFlames(times, true), QStringLiteral("No stall in the selected span."));
    times.stalls = 2;
    times.unseen = 2;
    QVERIFY(whyNoFlames(times, false).startsWith(QStringLiteral("No stack is known of 2 stalls.")));
    times.problem = QStringLiteral("the thread blocks signals");
    QVERIFY(whyNoFlames(times, false).contains(times.problem));
}

void tst_FlameGraph::saysWhatItIsMadeOf()
{
    StackTimes times;
    times.stacks.resize(3);
    times.stalls = 3;
    times.stalled = 500ms;
    times.unseen = 1;
    times.unseenTime = 60ms;
    QCOMPARE(
        flameSummary(times),
        QStringLiteral("Width: stalled time, estimated from 3 stacks of 2 stalls, 440 ms in all. Hatched: "
                       "asleep. Not in it: 1 stall without a stack, 60.0 ms."));
    const FlameGraph graph = forked();
    const int node = nodeOf(graph, QStringLiteral("1>2>3"));
    QCOMPARE(flameLine(graph, node, 0), QStringLiteral("app+0x3 · app · 28 % of all (100 ms)"));
    QVERIFY(flameLine(graph, node, nodeOf(graph, QStringLiteral("1>2")))
                .contains(QStringLiteral("33 % of the shown, 28 % of all")));
}

/// How long it takes is printed: docs/monitor.md has the figure.
void tst_FlameGraph::tenThousandStacks()
{
    std::vector<Stall> stalls;
    for (std::uint64_t number = 1; number <= 10'000; ++number) {
        std::vector<std::uint64_t> calls;
        for (std::uint64_t depth = 0; depth < 60; ++depth)
            calls.push_back(depth < 18 ? depth : depth * 100 + (number >> (depth - 18) / 3) % 2);
        stalls.push_back(stallWith(number, 1s * number, 100ms, {stackAt(1s * number + 50ms, calls)}));
    }
    StackTimes times;
    Telemetry::LoopFrame loop = idleLoop(100s);
    QVERIFY(m_watched->show(100s, {loop}));
    for (const Stall &stall : stalls)
        times.stacks.push_back({m_watched->loop(), &stall, &stall.stacks[0], stall.duration});
    QElapsedTimer timer;
    timer.start();
    const FlameGraph graph = flameGraphOf(times, {m_watched->loop()}, m_names);
    qInfo("10,000 stacks of 60 calls merged in %lld ms", timer.elapsed());
    QCOMPARE(graph.at(0).time, 1000s);
    QCOMPARE(graph.depth(), 61);
}

QTEST_GUILESS_MAIN(tst_FlameGraph)
#include "tst_flamegraph.moc"
