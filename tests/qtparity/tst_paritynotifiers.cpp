// SPDX-License-Identifier: MIT
#include "parityloop.h"
#include "support/socketpair.h"
#include "support/tcppair.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qpointer.h>
#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <memory>
#include <optional>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_ParityNotifiers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void read();
    void write();
    void writeOnceThereIsRoom();
    void outOfBandData();
    void hangUpReachesEveryType_data();
    void hangUpReachesEveryType();
    void endOfFileReachesReader();
    void severalTypesOnOneDescriptor();
    void oneEventPerActivation();
    void levelTriggered();
    void disabledStaysSilent();
    void disabledInSlotOfAnother();
    void deletedInOwnSlot();
    void nestedPassInSlot();
    void secondOfSameTypeWarns();
    void closedDescriptorIsDisabled();
    void nullDevice();
    void invalidSocket();

private:
    void count(QSocketNotifier &notifier, int &activations)
    {
        connect(&notifier, &QSocketNotifier::activated, this, [&activations] { ++activations; });
    }

    std::optional<ParityLoop> m_loop;
};

void tst_ParityNotifiers::read()
{
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    std::size_t received = 0;
    connect(&notifier, &QSocketNotifier::activated, this,
            [&](QSocketDescriptor fd, QSocketNotifier::Type type) {
                QCOMPARE(int(fd), sockets.first());
                QCOMPARE(type, QSocketNotifier::Read);
                received += sockets.drain();
            });
    m_loop->pass();
    QCOMPARE(received, 0u);
    for (std::size_t i = 1; i <= 3; ++i) {
        sockets.write();
        m_loop->runUntil([&] { return received == i; });
    }
}

void tst_ParityNotifiers::write()
{
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Write);
    int activations = 0;
    count(notifier, activations);
    m_loop->pass();
    QCOMPARE(activations, 1);
    m_loop->pass();
    QCOMPARE(activations, 2);
}

void tst_ParityNotifiers::writeOnceThereIsRoom()
{
    const SocketPair sockets;
    sockets.fill();
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Write);
    int activations = 0;
    count(notifier, activations);
    for (int i = 0; i < 3; ++i)
        m_loop->pass();
    QCOMPARE(activations, 0);
    sockets.makeRoom();
    m_loop->pass();
    QCOMPARE(activations, 1);
}

void tst_ParityNotifiers::outOfBandData()
{
    const TcpPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Exception);
    int activations = 0;
    count(notifier, activations);
    m_loop->pass();
    QCOMPARE(activations, 0);
    sockets.sendOutOfBand();
    m_loop->runUntil([&] { return activations > 0; });
}

void tst_ParityNotifiers::hangUpReachesEveryType_data()
{
    QTest::addColumn<QSocketNotifier::Type>("type");
    QTest::newRow("read") << QSocketNotifier::Read;
    QTest::newRow("write") << QSocketNotifier::Write;
    QTest::newRow("exception") << QSocketNotifier::Exception;
}

void tst_ParityNotifiers::hangUpReachesEveryType()
{
    QFETCH(QSocketNotifier::Type, type);
    SocketPair sockets;
    sockets.fill();
    QSocketNotifier notifier(sockets.first(), type);
    int activations = 0;
    count(notifier, activations);
    m_loop->pass();
    QCOMPARE(activations, 0);
    sockets.closeSecond();
    m_loop->pass();
    QCOMPARE(activations, 1);
}

void tst_ParityNotifiers::endOfFileReachesReader()
{
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    int activations = 0;
    count(notifier, activations);
    QCOMPARE(::shutdown(sockets.second(), SHUT_WR), 0);
    m_loop->pass();
    QCOMPARE(activations, 1);
}

void tst_ParityNotifiers::severalTypesOnOneDescriptor()
{
    const SocketPair sockets;
    QSocketNotifier read(sockets.first(), QSocketNotifier::Read);
    QSocketNotifier write(sockets.first(), QSocketNotifier::Write);
    QSocketNotifier exception(sockets.first(), QSocketNotifier::Exception);
    int reads = 0;
    int writes = 0;
    int exceptions = 0;
    count(read, reads);
    count(write, writes);
    count(exception, exceptions);
    m_loop->pass();
    sockets.write();
    m_loop->pass();
    write.setEnabled(false);
    m_loop->pass();
    QCOMPARE(reads, 2);
    QCOMPARE(writes, 2);
    QCOMPARE(exceptions, 0);
}

void tst_ParityNotifiers::oneEventPerActivation()
{
    // Readiness of several descriptors in one pass: each notifier once.
    const SocketPair first;
    const SocketPair second;
    first.write();
    second.write();
    QSocketNotifier firstNotifier(first.first(), QSocketNotifier::Read);
    QSocketNotifier secondNotifier(second.first(), QSocketNotifier::Read);
    int activations = 0;
    count(firstNotifier, activations);
    count(secondNotifier, activations);
    QVERIFY(m_loop->pass());
    QCOMPARE(activations, 2);
}

void tst_ParityNotifiers::levelTriggered()
{
    const SocketPair sockets;
    sockets.write();
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    int activations = 0;
    count(notifier, activations);
    for (int passes = 1; passes <= 3; ++passes) {
        m_loop->dispatcher()->processEvents(QEventLoop::WaitForMoreEvents);
        QCOMPARE(activations, passes);
    }
    sockets.drain();
    QVERIFY(!m_loop->pass());
    QCOMPARE(activations, 3);
}

void tst_ParityNotifiers::disabledStaysSilent()
{
    const SocketPair sockets;
    sockets.write();
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    int activations = 0;
    count(notifier, activations);
    notifier.setEnabled(false);
    m_loop->pass();
    QCOMPARE(activations, 0);
    notifier.setEnabled(true);
    m_loop->pass();
    QCOMPARE(activations, 1);
    notifier.setEnabled(false);
    m_loop->pass();
    QCOMPARE(activations, 1);
}

void tst_ParityNotifiers::disabledInSlotOfAnother()
{
    const SocketPair sockets[2];
    std::unique_ptr<QSocketNotifier> notifiers[2];
    int activations = 0;
    for (std::size_t i : {0u, 1u}) {
        sockets[i].write();
        notifiers[i] = std::make_unique<QSocketNotifier>(sockets[i].first(), QSocketNotifier::Read);
        connect(notifiers[i].get(), &QSocketNotifier::activated, this, [&, i] {
            ++activations;
            notifiers[1 - i]->setEnabled(false);
        });
    }
    m_loop->pass();
    QCOMPARE(activations, 1);
}

void tst_ParityNotifiers::deletedInOwnSlot()
{
    const SocketPair sockets;
    sockets.write();
    QPointer<QSocketNotifier> notifier = new QSocketNotifier(sockets.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(notifier, &QSocketNotifier::activated, this, [&] {
        ++activations;
        delete notifier;
    });
    m_loop->pass();
    m_loop->pass();
    QCOMPARE(activations, 1);
}

void tst_ParityNotifiers::nestedPassInSlot()
{
    const SocketPair sockets;
    sockets.write();
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    int depth = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] {
        if (++depth < 3)
            m_loop->pass(); // still readable: recurses
        else
            sockets.drain();
    });
    m_loop->pass();
    QCOMPARE(depth, 3);
}

void tst_ParityNotifiers::secondOfSameTypeWarns()
{
    const SocketPair sockets;
    sockets.write();
    QSocketNotifier first(sockets.first(), QSocketNotifier::Read);
    const QRegularExpression warning(
        QStringLiteral(": Multiple socket notifiers for same socket %1 and type Read$").arg(sockets.first()));
    QTest::ignoreMessage(QtWarningMsg, warning);
    QSocketNotifier second(sockets.first(), QSocketNotifier::Read);
    int firstActivations = 0;
    int secondActivations = 0;
    count(first, firstActivations);
    count(second, secondActivations);
    m_loop->pass();
    QCOMPARE(firstActivations, 0);
    QCOMPARE(secondActivations, 1);
    QTest::ignoreMessage(QtWarningMsg, warning);
    first.setEnabled(false);
    m_loop->pass();
    QCOMPARE(secondActivations, 2);
}

void tst_ParityNotifiers::closedDescriptorIsDisabled()
{
    SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    m_loop->pass();
    const QByteArray warning = "QSocketNotifier: Invalid socket " + QByteArray::number(sockets.first()) +
                               " with type Read, disabling...";
    QTest::ignoreMessage(QtWarningMsg, warning.constData());
    sockets.closeFirst();
    m_loop->runUntil([&] { return !notifier.isEnabled(); });
}

void tst_ParityNotifiers::nullDevice()
{
    const UniqueFd device(::open("/dev/null", O_RDWR | O_CLOEXEC));
    QSocketNotifier read(device.get(), QSocketNotifier::Read);
    QSocketNotifier write(device.get(), QSocketNotifier::Write);
    QSocketNotifier exception(device.get(), QSocketNotifier::Exception);
    int activations = 0;
    int exceptions = 0;
    count(read, activations);
    count(write, activations);
    count(exception, exceptions);
    m_loop->pass();
    m_loop->pass();
    QCOMPARE(activations, 4);
    QCOMPARE(exceptions, 0);
}

void tst_ParityNotifiers::invalidSocket()
{
    QTest::ignoreMessage(QtWarningMsg, "QSocketNotifier: Invalid socket specified");
    const QSocketNotifier notifier(-1, QSocketNotifier::Read);
    QVERIFY(!notifier.isValid());
    m_loop->pass();
}

QTEST_APPLESS_MAIN(tst_ParityNotifiers)
#include "tst_paritynotifiers.moc"
