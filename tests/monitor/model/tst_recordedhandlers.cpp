// SPDX-License-Identifier: MIT
// Handlers in recordings: what the recorder writes, the replay gives out.
#include "model/handlercodec.h"
#include "model/session.h"

#include "monitor/support/handlers.h"
#include "monitor/support/recordings.h"

#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

std::vector<LoggedHandler> handlersOf(const Loop &loop)
{
    std::vector<LoggedHandler> result;
    loop.handlers().forEach({0s, 100'000s}, [&](const LoggedHandler &each) { result.push_back(each); });
    return result;
}

/// A recording in the window's place, read to its end.
class Opened
{
public:
    explicit Opened(const QString &path)
    {
        problem = session.openRecording(path);
        if (!problem.isEmpty())
            return;
        session.replay()->seek(session.replay()->span().end);
        isLoaded = QTest::qWaitFor([this] { return !session.replay()->isLoading(); });
    }
    const Loop &loop() const { return *session.processes().at(0)->loops().at(0); }

    Session session;
    QString problem;
    bool isLoaded = false;
};

} // namespace

class tst_RecordedHandlers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comeBackAsTheyWere();
    void otherBytesAreRefused();
    void replayShowsThem();
    void largeBatchesAreSplit();
    void lossesAreKept();
    void recordingsWithoutThemOpen();
    void damagedOnesAreLeftOut();
    void strangeTablesAreHarmless();

private:
    QString recorded(const char *name, const std::vector<HandlerBatch> &batches);

    const QTemporaryDir m_directory;
};

/// Frames from 10 s to 11 s, and one batch after each, as far as there are any.
QString tst_RecordedHandlers::recorded(const char *name, const std::vector<HandlerBatch> &batches)
{
    const QString path = m_directory.filePath(QLatin1String(name));
    QString error;
    const auto recorder = Recorder::create(path, error);
    for (std::size_t i = 0; i < 11; ++i) {
        const Time at = 10s + 100ms * i;
        add(*recorder, i + 1, at);
        if (i < batches.size())
            recorder->addHandlers(1, process(), 1, batches[i]);
    }
    return path;
}

void tst_RecordedHandlers::comeBackAsTheyWere()
{
    LoggedHandler late = handler(9s, 2us, HandlerKind::WindowEvent, 3);
    late.lateness = 5ms;
    late.id = -12;
    HandlerBatch original = batch(10s, {handler(5s, 1ms), late});
    original.receivers.push_back({QStringLiteral("Übung"), {}});
    original.running = {handler(9500ms, 500ms, HandlerKind::Task), original.receivers[1]};
    const auto decoded = decodeHandlers(encodeHandlers(original));
    QVERIFY(decoded);
    QCOMPARE(decoded->handlers, original.handlers);
    QCOMPARE(decoded->receivers, original.receivers);
    QCOMPARE(decoded->running->handler, original.running->handler);
    QCOMPARE(decoded->running->receiver, original.receivers[1]);
    QVERIFY(decodeHandlers(encodeHandlers(batch(10s, {}))));
}

void tst_RecordedHandlers::otherBytesAreRefused()
{
    const QByteArray right = encodeHandlers(batch(10s, {handler(5s, 1ms)}));
    for (qsizetype length = 0; length < right.size(); ++length)
        QVERIFY(!decodeHandlers(right.left(length)));
    QVERIFY(!decodeHandlers(right + 'x'));
    QVERIFY(!decodeHandlers(QByteArray(4, '\xff'))); // four thousand million receivers
    QVERIFY(!decodeHandlers(QByteArray(4, '\0') + QByteArray(4, '\xff')));
    HandlerBatch reversed = batch(10s, {handler(5s, 1ms)});
    reversed.handlers[0].end = 1s;
    QVERIFY(!decodeHandlers(encodeHandlers(reversed)));
}

void tst_RecordedHandlers::replayShowsThem()
{
    HandlerBatch next = batch(10100ms, {handler(10020ms, 3ms, HandlerKind::Task)});
    next.isFirst = false;
    const Opened opened(recorded("shown", {batch(10s, {handler(9s, 1ms)}), next}));
    QVERIFY(opened.isLoaded);
    const auto handlers = handlersOf(opened.loop());
    QCOMPARE(handlers.size(), 2u);
    QCOMPARE(handlers[1].kind, HandlerKind::Task);
    QCOMPARE(opened.loop().handlers().receiverOf(handlers[1]).objectName, QStringLiteral("front"));
    QCOMPARE(opened.loop().handlers().known(), (TimeSpan{9s, 10100ms}));
    QCOMPARE(whyNoHandlers(opened.loop()), QString());
}

void tst_RecordedHandlers::largeBatchesAreSplit()
{
    HandlerBatch many = batch(10s, {});
    for (int i = 0; i < 20'000; ++i)
        many.handlers.push_back(handler(1s + 1us * i, 1us));
    const Opened opened(recorded("large", {many}));
    QVERIFY(opened.isLoaded);
    QCOMPARE(handlersOf(opened.loop()).size(), 20'000u);
    QVERIFY(opened.loop().handlers().gaps().empty());
}

void tst_RecordedHandlers::lossesAreKept()
{
    HandlerBatch next = batch(10100ms, {handler(10090ms, 1ms)});
    next.isFirst = false;
    next.hasLoss = true;
    const Opened opened(recorded("loss", {batch(10s, {handler(9s, 1ms)}), next}));
    QCOMPARE(opened.loop().handlers().gaps().size(), 1u);
    QCOMPARE(opened.loop().handlers().gaps()[0], (TimeSpan{10s, 10091ms}));
}

/// As monitors wrote them that did not know of handlers.
void tst_RecordedHandlers::recordingsWithoutThemOpen()
{
    const QString path = recorded("older", {});
    execute(path, QStringLiteral("DROP TABLE handlers"));
    const Opened opened(path);
    QCOMPARE(opened.problem, QString());
    QVERIFY(opened.isLoaded);
    QVERIFY(opened.loop().handlers().isEmpty());
    QVERIFY(!whyNoHandlers(opened.loop()).isEmpty());
}

void tst_RecordedHandlers::damagedOnesAreLeftOut()
{
    HandlerBatch next = batch(10100ms, {handler(10020ms, 3ms)});
    const QString path = recorded("damaged", {batch(10s, {handler(9s, 1ms)}), next});
    execute(path, QStringLiteral("UPDATE handlers SET batch = x'00000010ff' WHERE id = 1"));
    const Opened opened(path);
    QVERIFY(opened.isLoaded);
    QCOMPARE(handlersOf(opened.loop()).size(), 1u);
    QCOMPARE(opened.session.replay()->damagedFrames(), 1u);
}

void tst_RecordedHandlers::strangeTablesAreHarmless()
{
    const QString path = recorded("strange", {});
    execute(path, QStringLiteral("DROP TABLE handlers"));
    execute(path, QStringLiteral("CREATE TABLE handlers (something TEXT)"));
    QCOMPARE(Opened(path).problem, QString());
    execute(path, QStringLiteral("DROP TABLE handlers"));
    execute(path, QStringLiteral("CREATE TABLE handlers (id, process, loop, takenAtNs, flags, "
                                 "batch AS (zeroblob(1000000000)))"));
    QVERIFY(Opened(path).problem.contains(QStringLiteral("not opened")));
}

QTEST_GUILESS_MAIN(tst_RecordedHandlers)
#include "tst_recordedhandlers.moc"
