// SPDX-License-Identifier: MIT
#include "model/codenames.h"
#include "model/dataexport.h"

#include "monitor/support/stacks.h"
#include "monitor/support/watched.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class tst_DataExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_watched.reset(); }

    void endingDecides_data();
    void endingDecides();
    void foldedStacksHaveTheirTime();
    void speedscopeFileHasThePublishedShape();
    void namesAreWaitedFor();
    void noStackIsNoFile();
    void stallsHaveReceivers();
    void unknownIsEmpty();
    void timersAndReceivers();

private:
    bool show(std::vector<Stall> stalls);
    QString path(const char *name) const { return m_files.filePath(QString::fromLatin1(name)); }
    QByteArray exported(const char *name, TimeSpan span = {0s, 200s});
    QList<QByteArrayList> tableOf(const char *name, TimeSpan span = {0s, 200s});

    const QTemporaryDir m_files;
    std::unique_ptr<Watched> m_watched;
    CodeNames m_names;
};

namespace {

/// What https://www.speedscope.app/file-format-schema.json asks of a file with sampled profiles.
QString faultOf(const QJsonObject &file)
{
    if (file[QLatin1String("$schema")].toString() !=
        QLatin1String("https://www.speedscope.app/file-format-schema.json"))
        return QStringLiteral("$schema");
    const QJsonArray frames = file[QLatin1String("shared")][QLatin1String("frames")].toArray();
    for (const QJsonValue frame : frames) {
        const bool hasName = !frame[QLatin1String("name")].toString().isEmpty();
        if (!hasName || frame[QLatin1String("line")].toInt(1) < 1)
            return QStringLiteral("frame");
    }
    const QJsonArray profiles = file[QLatin1String("profiles")].toArray();
    for (const QJsonValue profile : profiles) {
        const QJsonArray samples = profile[QLatin1String("samples")].toArray();
        const QJsonArray weights = profile[QLatin1String("weights")].toArray();
        if (profile[QLatin1String("type")] != QLatin1String("sampled") ||
            profile[QLatin1String("unit")] != QLatin1String("nanoseconds") ||
            !profile[QLatin1String("name")].isString() || samples.size() != weights.size())
            return QStringLiteral("profile");
        double sum = profile[QLatin1String("startValue")].toDouble(-1);
        for (const QJsonValue weight : weights)
            sum += weight.toDouble(-1e18);
        if (sum != profile[QLatin1String("endValue")].toDouble())
            return QStringLiteral("endValue");
        for (const QJsonValue sample : samples) {
            const QJsonArray stack = sample.toArray();
            for (const QJsonValue frame : stack)
                if (frame.toInt(-1) < 0 || frame.toInt() >= frames.size())
                    return QStringLiteral("sample");
        }
    }
    return profiles.isEmpty() ? QStringLiteral("no profile") : QString();
}

} // namespace

void tst_DataExport::init()
{
    m_watched = std::make_unique<Watched>();
    QVERIFY(m_watched->isAttached());
}

bool tst_DataExport::show(std::vector<Stall> stalls)
{
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    loop.stalls = std::move(stalls);
    return m_watched->show(100s, {loop});
}

QByteArray tst_DataExport::exported(const char *name, TimeSpan span)
{
    const QString problem = exportData({m_watched->loop()}, span, path(name), m_names);
    if (!problem.isEmpty())
        return "problem: " + problem.toUtf8();
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : "no file";
}

QList<QByteArrayList> tst_DataExport::tableOf(const char *name, TimeSpan span)
{
    QList<QByteArrayList> rows;
    for (const QByteArray &line : exported(name, span).trimmed().split('\n'))
        rows << line.split(',');
    return rows;
}

void tst_DataExport::endingDecides_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("samples") << QStringLiteral("a.csv") << QByteArray("process,pid,loop,time,interval_s,");
    QTest::newRow("stalls") << QStringLiteral("a.STALLS.csv") << QByteArray("process,pid,loop,began,");
    QTest::newRow("timers") << QStringLiteral("a.timers.csv")
                            << QByteArray("process,pid,loop,class,object,id,");
    QTest::newRow("receivers") << QStringLiteral("a.receivers.csv")
                               << QByteArray("process,pid,loop,class,kind,");
    QTest::newRow("folded") << QStringLiteral("a.folded") << QByteArray("main;app+0x1 100000\n");
    QTest::newRow("speedscope") << QStringLiteral("a.speedscope.json") << QByteArray("{\"$schema\":");
}

void tst_DataExport::endingDecides()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, begin);
    QVERIFY(show({stallWith(1, 10s, 100ms, {stackAt(10050ms, {1})})}));
    QVERIFY(isDataFile(file));
    const QByteArray text = exported(file.toLatin1());
    QVERIFY2(text.startsWith(begin), text.constData());
    QVERIFY(!isDataFile(QStringLiteral("a.json")));
    QVERIFY(!isDataFile(QStringLiteral("a.png")));
}

void tst_DataExport::foldedStacksHaveTheirTime()
{
    Stall semicolon = stallWith(3, 30s, 60ms, {stackAt(30050ms, {1})});
    semicolon.modules = {module("/nowhere/a;b")};
    QVERIFY(show({stallWith(1, 10s, 100ms, {stackAt(10050ms, {1, 2})}),
                  stallWith(2, 20s, 200ms, {stackAt(20050ms, {1, 2}, "read")}), semicolon}));
    QByteArrayList lines = exported("a.folded").trimmed().split('\n');
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines, (QByteArrayList{"main;a:b+0x1 60000", "main;app+0x1;app+0x2 100000",
                                    "main;app+0x1;app+0x2;sleeps in read 200000"}));
    QCOMPARE(exported("a.folded", {20050ms, 20150ms}), "main;app+0x1;app+0x2;sleeps in read 100000\n");
}

void tst_DataExport::speedscopeFileHasThePublishedShape()
{
    QVERIFY(show({stallWith(1, 10s, 300ms, {stackAt(10050ms, {1, 2}), stackAt(10150ms, {1, 3}, "read")}),
                  stallWith(2, 20s, 200ms, {stackAt(20050ms, {1, 2})})}));
    const QJsonObject file = QJsonDocument::fromJson(exported("a.speedscope.json")).object();
    QCOMPARE(faultOf(file), QString());
    QCOMPARE(file[QLatin1String("shared")][QLatin1String("frames")].toArray().size(), 4);
    const QJsonValue profile = file[QLatin1String("profiles")][0];
    QCOMPARE(profile[QLatin1String("name")].toString(), QStringLiteral("main"));
    QCOMPARE(profile[QLatin1String("endValue")].toInt(), 500'000'000);
    QCOMPARE(profile[QLatin1String("samples")].toArray(),
             (QJsonArray{QJsonArray{0, 1}, QJsonArray{0, 2, 3}, QJsonArray{0, 1}}));
    QCOMPARE(profile[QLatin1String("weights")].toArray(),
             (QJsonArray{100'000'000, 200'000'000, 200'000'000}));
}

/// Of a file that does not exist nothing is known but that.
void tst_DataExport::namesAreWaitedFor()
{
    QVERIFY(show({stallWith(1, 10s, 100ms, {stackAt(10050ms, {0x77})})}));
    const quint64 before = m_names.generation();
    QCOMPARE(exported("a.folded"), QByteArray("main;app+0x77 100000\n"));
    QCOMPARE(m_names.generation() > before, CodeNames::canName());
}

void tst_DataExport::noStackIsNoFile()
{
    Stall blind = stall(1, 10s, 100ms);
    blind.stackProblem = "the thread blocks signals";
    QVERIFY(show({blind}));
    const QByteArray problem = exported("none.folded");
    QVERIFY2(problem.contains("the thread blocks signals"), problem.constData());
    QVERIFY(!QFile::exists(path("none.folded")));
}

void tst_DataExport::stallsHaveReceivers()
{
    Stall watched = stall(1, 10s, 100ms);
    watched.objectName = "=a,\"b\"";
    watched.watched = 80ms;
    watched.processorTime = 30ms;
    watched.readyTime = 10ms;
    QVERIFY(show({watched, stall(2, 50s, 60ms)}));
    const QByteArray text = exported("a.stalls.csv", {0s, 20s});
    const QByteArrayList lines = text.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines[1].contains(
                 ",\"EchoServer\",\"'=a,\"\"b\"\"\",\"timer 7\",80000000,30000000,10000000,40000000,0"),
             lines[1].constData());
    QVERIFY2(lines[1].contains(",2023-11-14T22:13:30.000Z,100000000,ended,0,\"timer\","),
             lines[1].constData());
}

void tst_DataExport::unknownIsEmpty()
{
    QVERIFY(show({stall(1, 10s, 100ms)}));
    const QList<QByteArrayList> rows = tableOf("a.stalls.csv");
    QCOMPARE(rows[1].size(), rows[0].size());
    for (const char *const title : {"watched_ns", "ran_ns", "waited_for_processor_ns", "slept_ns"})
        QCOMPARE(rows[1][rows[0].indexOf(title)], QByteArray());
}

void tst_DataExport::timersAndReceivers()
{
    for (int second = 10; second <= 20; ++second) {
        Telemetry::LoopFrame loop = idleLoop(second * 1s, 1s);
        TimerStats timer;
        timer.className = "Clock";
        timer.objectName = "tick";
        timer.id = 7;
        timer.interval = 20ms;
        timer.fired = std::uint64_t(second) * 50;
        timer.total = second * 50ms;
        timer.max = 3ms;
        TimerStats zero = timer;
        zero.objectName = "zero";
        zero.interval = {};
        zero.total = timer.total / 2;
        loop.topTimers = {timer, zero};
        ReceiverStats receiver;
        receiver.className = "Socket";
        receiver.kind = HandlerKind::Notifier;
        receiver.count = std::uint64_t(second) * 100;
        receiver.total = second * 10ms;
        receiver.max = 2ms;
        loop.receivers = {receiver};
        QVERIFY(m_watched->show(second * 1s, {loop}));
    }
    const QList<QByteArrayList> timers = tableOf("a.timers.csv", {12s, 16s});
    QCOMPARE(timers.size(), 3);
    QCOMPARE(timers[1].size(), timers[0].size());
    const auto timerCell = [&](const char *title) { return timers[1][timers[0].indexOf(title)]; };
    QCOMPARE(timerCell("object"), QByteArray("\"tick\""));
    QCOMPARE(timerCell("interval_ns"), QByteArray("20000000"));
    QCOMPARE(timerCell("fired_per_s"), QByteArray("50"));
    QCOMPARE(timerCell("max_ns"), QByteArray("3000000"));
    QCOMPARE(timerCell("max_is_bound"), QByteArray("1"));
    QCOMPARE(timers[2][timers[0].indexOf("lateness_mean_ns")], QByteArray()); // it has no deadline
    const QList<QByteArrayList> receivers = tableOf("a.receivers.csv", {12s, 16s});
    QCOMPARE(receivers.size(), 2);
    QCOMPARE(receivers[1].size(), receivers[0].size());
    QCOMPARE(receivers[1][receivers[0].indexOf("kind")], QByteArray("\"notifier\""));
    QCOMPARE(receivers[1][receivers[0].indexOf("per_s")], QByteArray("100"));
}

QTEST_GUILESS_MAIN(tst_DataExport)
#include "tst_dataexport.moc"
