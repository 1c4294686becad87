// SPDX-License-Identifier: MIT
#include "model/connection.h"

#include "monitor/support/fakepublisher.h"
#include "monitor/support/frames.h"
#include "telemetry/protocol/publishers.h"
#include "telemetry/publishingprocess.h"
#include "telemetry/runtimedirectory.h"

#include <QtCore/qpointer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <optional>

using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using namespace Flywheel::Telemetry;
using Flywheel::Telemetry::Test::PublishingProcess;
using Flywheel::Telemetry::Test::RuntimeDirectory;
using State = Connection::State;

namespace {

qint64 thisProcess()
{
    return QCoreApplication::applicationPid();
}

/// A connection that has said hello to \a publisher.
std::unique_ptr<Connection> opened(FakePublisher &publisher)
{
    auto connection = std::make_unique<Connection>(thisProcess(), publisher.path());
    connection->open();
    return connection;
}

} // namespace

class tst_Connection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory.emplace(); }
    void cleanup() { m_directory.reset(); }

    void framesArrive();
    void intervalIsAskedFor();
    void lostFramesAreCounted();
    void reconnectsAfterALoss();
    void waitsForAPublisherThatIsNotThereYet();
    void goodbyeEndsIt_data();
    void goodbyeEndsIt();
    void deathEndsIt();
    void otherVersionIsTold();
    void refusalIsTold();
    void tooManyWatchersIsTriedAgain();
    void badInput_data();
    void badInput();
    void badInputAfterTheHello();
    void mayBeDeletedByItsListener();
    void realPublisher();

private:
    std::optional<RuntimeDirectory> m_directory;
};

void tst_Connection::framesArrive()
{
    FakePublisher publisher;
    Connection connection(thisProcess(), publisher.path());
    std::vector<Frame> frames;
    connect(&connection, &Connection::frameReceived, this,
            [&](const Frame &frame) { frames.push_back(frame); });
    QSignalSpy hello(&connection, &Connection::helloReceived);
    connection.open();
    QVERIFY(connection.state() == State::Connecting);
    QTRY_COMPARE(publisher.greeted(), 1);
    for (std::uint64_t i = 1; i <= 5; ++i)
        publisher.send(frameOf(i, i * 100ms, {busyLoop(i * 100ms, 10ms)}));
    QTRY_COMPARE(frames.size(), 5u);
    QVERIFY(connection.state() == State::Attached);
    QCOMPARE(hello.count(), 1);
    QCOMPARE(connection.process().name, "fake");
    QCOMPARE(frames[4].loops.at(0).threadName, "main");
    QCOMPARE(connection.frames(), 5u);
    QCOMPARE(connection.lostFrames(), 0u);
    QVERIFY(connection.framesPerSecond() > 0);
    QVERIFY(connection.reason().isEmpty());
}

void tst_Connection::intervalIsAskedFor()
{
    FakePublisher publisher;
    Connection connection(thisProcess(), publisher.path());
    connection.open(500ms);
    QTRY_COMPARE(publisher.greeted(), 1);
    QCOMPARE(std::get<WatcherHello>(publisher.received().at(0)).interval, 500ms);
    publisher.send(frameOf(1, 1s, {}));
    QTRY_VERIFY(connection.state() == State::Attached);
    connection.setInterval(50ms);
    QTRY_COMPARE(publisher.received().size(), 2u);
    QCOMPARE(std::get<IntervalRequest>(publisher.received().at(1)).interval, 50ms);
}

void tst_Connection::lostFramesAreCounted()
{
    FakePublisher publisher;
    const auto connection = opened(publisher);
    QTRY_COMPARE(publisher.greeted(), 1);
    for (const std::uint64_t sequence : {5u, 6u, 9u})
        publisher.send(frameOf(sequence, 1s, {}));
    QTRY_COMPARE(connection->frames(), 3u);
    QCOMPARE(connection->lostFrames(), 2u);
}

void tst_Connection::reconnectsAfterALoss()
{
    FakePublisher publisher;
    const auto connection = opened(publisher);
    QTRY_COMPARE(publisher.greeted(), 1);
    publisher.send(frameOf(40, 1s, {}));
    QTRY_VERIFY(connection->state() == State::Attached);
    publisher.dropAll();
    QTRY_VERIFY(connection->state() == State::Lost);
    QVERIFY(!connection->reason().isEmpty());
    QTRY_COMPARE(publisher.greeted(), 2);
    publisher.send(frameOf(1, 2s, {})); // counts anew
    QTRY_VERIFY(connection->state() == State::Attached);
    QVERIFY(connection->reason().isEmpty());
    QCOMPARE(connection->lostFrames(), 0u);
}

void tst_Connection::waitsForAPublisherThatIsNotThereYet()
{
    FakePublisher publisher;
    publisher.stop();
    const auto connection = opened(publisher);
    QTRY_VERIFY(connection->state() == State::Lost);
    QVERIFY(publisher.listen());
    QTRY_COMPARE(publisher.greeted(), 1);
}

void tst_Connection::goodbyeEndsIt_data()
{
    QTest::addColumn<bool>("hangsUp");
    QTest::newRow("publisher waits") << false;
#ifndef Q_OS_WIN // a pipe would be emptied: publishers wait there
    QTest::newRow("publisher hangs up") << true;
#endif
}

void tst_Connection::goodbyeEndsIt()
{
    QFETCH(const bool, hangsUp);
    FakePublisher publisher;
    const auto connection = opened(publisher);
    QTRY_COMPARE(publisher.greeted(), 1);
    publisher.send(frameOf(1, 1s, {}));
    publisher.send(Goodbye{.reason = Goodbye::Reason::ShuttingDown, .detail = {}});
    if (hangsUp)
        publisher.dropAll();
    QTRY_VERIFY(connection->state() == State::Ended);
    QCOMPARE(connection->frames(), 1u);
    QVERIFY(connection->isFinal());
}

void tst_Connection::deathEndsIt()
{
    qint64 dead = 0;
    {
        PublishingProcess program(nullptr);
        QVERIFY(program.isReady());
        dead = program.id();
        QCOMPARE(program.finish(), 0);
    }
    FakePublisher publisher(dead);
    Connection connection(dead, publisher.path());
    connection.open();
    QTRY_COMPARE(publisher.greeted(), 1);
    publisher.stop();
    QTRY_VERIFY(connection.state() == State::Ended);
    QCOMPARE(publisher.accepted(), 1);
}

void tst_Connection::otherVersionIsTold()
{
    FakePublisher publisher;
    Hello hello;
    hello.protocolVersion = 7;
    publisher.setGreeting(encode(hello));
    const auto connection = opened(publisher);
    QTRY_VERIFY(connection->state() == State::VersionMismatch);
    QVERIFY(connection->reason().contains(QStringLiteral("version 7")));
    QVERIFY(connection->reason().contains(QStringLiteral("version %1").arg(ProtocolVersion)));
    QCOMPARE(connection->publisherVersion(), 7u);
    QCOMPARE(publisher.greeted(), 0);
}

void tst_Connection::refusalIsTold()
{
    FakePublisher publisher;
    publisher.setGreeting(FakePublisher::hello() +
                          encode(Goodbye{.reason = Goodbye::Reason::BadMessage, .detail = "Not you."}));
    const auto connection = opened(publisher);
    QTRY_VERIFY(connection->state() == State::Refused);
    QCOMPARE(connection->reason(), QStringLiteral("Not you."));
}

void tst_Connection::tooManyWatchersIsTriedAgain()
{
    FakePublisher publisher;
    publisher.setGreeting(FakePublisher::hello() +
                          encode(Goodbye{.reason = Goodbye::Reason::TooManyWatchers, .detail = {}}));
    const auto connection = opened(publisher);
    QTRY_VERIFY(connection->state() == State::Lost);
    QVERIFY(connection->reason().contains(QStringLiteral("Too many")));
    publisher.setGreeting(FakePublisher::hello());
    QTRY_VERIFY(publisher.greeted() >= 1 && publisher.accepted() >= 2);
}

void tst_Connection::badInput_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("text") << QByteArray("HTTP/1.1 200 OK\r\n\r\n");
    QTest::newRow("oversized") << QByteArray::fromHex("7fffffff");
    QTest::newRow("not CBOR") << QByteArray::fromHex("00000003ffffff");
    QTest::newRow("frame before the hello") << encode(frameOf(1, 1s, {}));
    QTest::newRow("a watcher's message") << encode(WatcherHello());
    QTest::newRow("zeros") << QByteArray(4096, '\0');
}

void tst_Connection::badInput()
{
    QFETCH(const QByteArray, bytes);
    FakePublisher publisher;
    publisher.setGreeting(bytes);
    const auto connection = opened(publisher);
    QTRY_VERIFY(connection->state() == State::Refused);
    QVERIFY(connection->reason().contains(QStringLiteral("no telemetry")));
}

void tst_Connection::badInputAfterTheHello()
{
    FakePublisher publisher;
    const auto connection = opened(publisher);
    QTRY_COMPARE(publisher.greeted(), 1);
    publisher.send(frameOf(1, 1s, {}));
    publisher.send(QByteArray::fromHex("ffffffff00"));
    QTRY_VERIFY(connection->state() == State::Refused);
    QCOMPARE(connection->frames(), 1u);
}

void tst_Connection::mayBeDeletedByItsListener()
{
    FakePublisher publisher;
    QPointer<Connection> connection = opened(publisher).release();
    connect(connection, &Connection::frameReceived, connection, [&] { connection->deleteLater(); });
    QTRY_COMPARE(publisher.greeted(), 1);
    publisher.send(frameOf(1, 1s, {}));
    QTRY_VERIFY(!connection);
}

void tst_Connection::realPublisher()
{
    PublishingProcess program("1");
    QVERIFY(program.isReady());
    QTRY_VERIFY(!publishers().empty());
    Connection connection(program.id(), publishers().front().socketPath);
    std::optional<Frame> last;
    connect(&connection, &Connection::frameReceived, this, [&](const Frame &frame) { last = frame; });
    connection.open(20ms);
    QTRY_VERIFY(connection.frames() > 5);
    QCOMPARE(connection.process().processId, static_cast<std::uint64_t>(program.id()));
    QVERIFY(!connection.process().qtVersion.empty());
    QCOMPARE(last->loops.at(0).threadName, "main");
    QCOMPARE(last->loops.at(0).mode, "owner");
    QCOMPARE(connection.lostFrames(), 0u);
    QCOMPARE(program.finish(), 0);
    QTRY_VERIFY(connection.state() == State::Ended);
}

QTEST_GUILESS_MAIN(tst_Connection)
#include "tst_connection.moc"
