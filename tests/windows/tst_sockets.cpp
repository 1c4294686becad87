// SPDX-License-Identifier: MIT
// What has broken loops on completion ports: the ends of connections, handles that are used again, many
// sockets.
#include "support/application.h"
#include "support/socketpair.h"
#include "support/tcppair.h"
#include "support/watchdog.h"
#include "support/winsock.h"

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <array>
#include <memory>
#include <optional>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

/// Counts what a notifier is sent.
class Witness : public QSocketNotifier
{
public:
    using QSocketNotifier::QSocketNotifier;

    int activations = 0;
    int closes = 0;
    std::function<void()> onEvent;

protected:
    bool event(QEvent *event) override
    {
        activations += event->type() == QEvent::SockAct;
        closes += event->type() == QEvent::SockClose;
        if (onEvent && (event->type() == QEvent::SockAct || event->type() == QEvent::SockClose))
            onEvent();
        return QSocketNotifier::event(event);
    }
};

void passes(int count)
{
    for (int i = 0; i < count; ++i)
        QCoreApplication::processEvents();
}

/// Non-blocking, towards a port of this machine on which nobody listens.
UniqueFd connectToNobody()
{
    const TcpPair starts; // Windows' sockets, if nothing else has
    UniqueFd bound(static_cast<int>(::socket(AF_INET, SOCK_STREAM, 0)));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    int length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    ::bind(toSocket(bound.get()), generic, length);
    ::getsockname(toSocket(bound.get()), generic, &length);
    bound.reset(); // so that its port is free
    UniqueFd connecting(static_cast<int>(::socket(AF_INET, SOCK_STREAM, 0)));
    u_long on = 1;
    ::ioctlsocket(toSocket(connecting.get()), static_cast<long>(FIONBIO), &on);
    ::connect(toSocket(connecting.get()), generic, length);
    return connecting;
}

} // namespace

class tst_Sockets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_application.emplace(Poller::Iocp); }
    void cleanup() { m_application.reset(); }

    void halfCloseIsToldOnce();
    void dataBeforeHalfCloseComesFirst();
    void writingGoesOnAfterHalfClose();
    void resetIsToldOnce();
    void refusedConnectionReachesWriterAndException();
    void outOfBandDataIsExceptional();
    void fullBufferDoesNotSpin();
    void closedWhilePolledDisablesNotifier();
    void numberUsedAgainMeansTheNewSocket();
    void interestChangedWhilePolled();
    void aThousandSockets();
    void threadEndsWithPollsPending();

private:
    const Watchdog m_watchdog{100s};
    std::optional<Application> m_application;
};

void tst_Sockets::halfCloseIsToldOnce()
{
    const SocketPair sockets;
    Witness reader(sockets.first(), QSocketNotifier::Read);
    ::shutdown(toSocket(sockets.second()), SD_SEND);
    processUntil([&] { return reader.closes > 0; });
    passes(5);
    QCOMPARE(reader.closes, 1);
    QCOMPARE(reader.activations, 0);
}

void tst_Sockets::dataBeforeHalfCloseComesFirst()
{
    const SocketPair sockets;
    Witness reader(sockets.first(), QSocketNotifier::Read);
    sockets.write();
    ::shutdown(toSocket(sockets.second()), SD_SEND);
    processUntil([&] { return reader.activations > 0; });
    QCOMPARE(reader.closes, 0);
    QCOMPARE(sockets.drain(), std::size_t(1));
    processUntil([&] { return reader.closes > 0; });
}

void tst_Sockets::writingGoesOnAfterHalfClose()
{
    const SocketPair sockets;
    Witness reader(sockets.first(), QSocketNotifier::Read);
    ::shutdown(toSocket(sockets.second()), SD_SEND);
    processUntil([&] { return reader.closes > 0; });
    Witness writer(sockets.first(), QSocketNotifier::Write);
    processUntil([&] { return writer.activations > 0; });
    Witness other(sockets.second(), QSocketNotifier::Read);
    QCOMPARE(::send(toSocket(sockets.first()), "x", 1, 0), 1);
    processUntil([&] { return other.activations > 0; });
}

void tst_Sockets::resetIsToldOnce()
{
    SocketPair sockets;
    Witness reader(sockets.first(), QSocketNotifier::Read);
    passes(1); // it is being polled
    const linger abortive{1, 0};
    ::setsockopt(toSocket(sockets.second()), SOL_SOCKET, SO_LINGER, reinterpret_cast<const char *>(&abortive),
                 sizeof abortive);
    sockets.closeSecond();
    processUntil([&] { return reader.closes + reader.activations > 0; });
    passes(5);
    QCOMPARE(reader.closes, 1);
    QCOMPARE(reader.activations, 0);
}

void tst_Sockets::refusedConnectionReachesWriterAndException()
{
    const UniqueFd connecting = connectToNobody();
    Witness writer(connecting.get(), QSocketNotifier::Write);
    Witness exception(connecting.get(), QSocketNotifier::Exception);
    processUntil([&] { return writer.activations > 0 && exception.activations > 0; });
}

void tst_Sockets::outOfBandDataIsExceptional()
{
    const TcpPair sockets;
    Witness exception(sockets.first(), QSocketNotifier::Exception);
    passes(1);
    QCOMPARE(exception.activations, 0);
    sockets.sendOutOfBand();
    processUntil([&] { return exception.activations > 0; });
}

void tst_Sockets::fullBufferDoesNotSpin()
{
    const SocketPair sockets;
    sockets.fill();
    Witness writer(sockets.first(), QSocketNotifier::Write);
    passes(5);
    QCOMPARE(writer.activations, 0);
    sockets.makeRoom();
    processUntil([&] { return writer.activations > 0; });
}

void tst_Sockets::closedWhilePolledDisablesNotifier()
{
    SocketPair sockets;
    Witness reader(sockets.first(), QSocketNotifier::Read);
    passes(2);
    const QByteArray warning = "QSocketNotifier: Invalid socket " + QByteArray::number(sockets.first()) +
                               " with type Read, disabling...";
    QTest::ignoreMessage(QtWarningMsg, warning.constData());
    sockets.closeFirst();
    processUntil([&] { return !reader.isEnabled(); });
    QCOMPARE(reader.activations, 0);
}

void tst_Sockets::numberUsedAgainMeansTheNewSocket()
{
    auto old = std::make_unique<SocketPair>();
    const int number = old->first();
    auto oldReader = std::make_unique<Witness>(number, QSocketNotifier::Read);
    passes(2);
    oldReader.reset(); // its operation is still on its way
    old.reset();
    std::vector<std::unique_ptr<SocketPair>> made;
    const auto reused = [&] { return !made.empty() && made.back()->first() == number; };
    while (!reused() && made.size() < 50)
        made.push_back(std::make_unique<SocketPair>());
    const SocketPair &latest = *made.back();
    Witness reader(latest.first(), QSocketNotifier::Read);
    passes(3);
    QCOMPARE(reader.activations + reader.closes, 0);
    latest.write();
    processUntil([&] { return reader.activations > 0; });
    QCOMPARE(reader.closes, 0);
}

void tst_Sockets::interestChangedWhilePolled()
{
    const SocketPair sockets;
    Witness reader(sockets.first(), QSocketNotifier::Read);
    passes(2); // polled for reading
    Witness writer(sockets.first(), QSocketNotifier::Write);
    processUntil([&] { return writer.activations > 0; });
    writer.setEnabled(false);
    const int before = writer.activations;
    sockets.write();
    processUntil([&] { return reader.activations > 0; });
    QCOMPARE(writer.activations, before);
}

void tst_Sockets::aThousandSockets()
{
    std::vector<std::unique_ptr<SocketPair>> pairs;
    std::vector<std::unique_ptr<Witness>> readers;
    for (int i = 0; i < 500; ++i) { // a thousand ends
        pairs.push_back(std::make_unique<SocketPair>());
        const SocketPair &pair = *pairs.back();
        for (const int fd : {pair.first(), pair.second()})
            readers.push_back(std::make_unique<Witness>(fd, QSocketNotifier::Read));
    }
    std::size_t received = 0;
    for (std::size_t i = 0; i < readers.size(); i += 2)
        readers[i]->onEvent = [&, i] { received += pairs[i / 2]->drain(); };
    passes(2);
    QCOMPARE(received, std::size_t(0));
    for (const auto &pair : pairs)
        pair->write();
    processUntil([&] { return received == pairs.size(); });
    passes(2);
    for (std::size_t i = 0; i < readers.size(); ++i)
        QCOMPARE(readers[i]->activations, i % 2 == 0 ? 1 : 0);
}

void tst_Sockets::threadEndsWithPollsPending()
{
    const SocketPair sockets;
    for (int i = 0; i < 20; ++i) {
        std::unique_ptr<QThread> thread(QThread::create([&] {
            const Witness reader(sockets.first(), QSocketNotifier::Read);
            const Witness other(sockets.second(), QSocketNotifier::Read);
            passes(2);
        }));
        thread->setEventDispatcher(new EventDispatcher);
        thread->start();
        QVERIFY(thread->wait());
    }
}

QTEST_APPLESS_MAIN(tst_Sockets)
#include "tst_sockets.moc"
