// SPDX-License-Identifier: MIT
#include "model/relay.h"

#include <QtNetwork/qlocalsocket.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;

namespace {

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

class tst_Relay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addressesOfPrograms_data();
    void addressesOfPrograms();
#ifndef Q_OS_WIN
    void bytesGoBothWays();
    void eachConnectionHasItsCommand();
    void endOfTheCommandIsTheEndOfTheConnection();
#endif
};

void tst_Relay::addressesOfPrograms_data()
{
    QTest::addColumn<QStringList>("command");
    const auto row = [](const char *url, const char *command) { QTest::newRow(url) << words(command); };
    row("ssh://device/app", "ssh -T -- device flywheel-run --relay app");
    row("ssh://me@device/my-app_2.0", "ssh -T -- me@device flywheel-run --relay my-app_2.0");
    row("ssh://me@10.0.0.7:2222/4711", "ssh -T -p 2222 -- me@10.0.0.7 flywheel-run --relay 4711");
    for (const char *const wrong :
         {"ssh://device", "ssh://device/", "ssh:///app", "http://device/app", "ssh://device/a;b",
          "ssh://device/a/b", "ssh://device/$(x)", "ssh://device/-x", "ssh://-oProxyCommand=x@device/app",
          "ssh://a'b@device/app"})
        row(wrong, "");
}

void tst_Relay::addressesOfPrograms()
{
    QFETCH(QStringList, command);
    QString complaint;
    QCOMPARE(Relay::sshCommand(QString::fromLatin1(QTest::currentDataTag()), complaint), command);
    QCOMPARE(complaint.isEmpty(), !command.isEmpty());
}

#ifndef Q_OS_WIN
void tst_Relay::bytesGoBothWays()
{
    Relay relay({QStringLiteral("cat")});
    QCOMPARE(relay.start(), QString());
    QLocalSocket socket;
    socket.connectToServer(relay.socketPath());
    QVERIFY(socket.waitForConnected());
    const QByteArray sent(3'000'000, 'x');
    socket.write(sent);
    QByteArray received;
    QTRY_VERIFY_WITH_TIMEOUT((received += socket.readAll()).size() >= sent.size(), 20'000);
    QCOMPARE(received, sent);
}

void tst_Relay::eachConnectionHasItsCommand()
{
    Relay relay({QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("echo $$; cat")});
    QCOMPARE(relay.start(), QString());
    QLocalSocket first;
    QLocalSocket second;
    first.connectToServer(relay.socketPath());
    second.connectToServer(relay.socketPath());
    QTRY_VERIFY(first.canReadLine() && second.canReadLine());
    QVERIFY(first.readLine() != second.readLine());
}

void tst_Relay::endOfTheCommandIsTheEndOfTheConnection()
{
    Relay relay({QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("echo last words")});
    QSignalSpy failed(&relay, &Relay::commandFailed);
    QCOMPARE(relay.start(), QString());
    QLocalSocket socket;
    socket.connectToServer(relay.socketPath());
    QTRY_COMPARE(socket.state(), QLocalSocket::UnconnectedState);
    QCOMPARE(socket.readAll(), QByteArray("last words\n"));
    QCOMPARE(failed.size(), 0);

    Relay silent({QStringLiteral("true")});
    QSignalSpy silentFailed(&silent, &Relay::commandFailed);
    QCOMPARE(silent.start(), QString());
    socket.connectToServer(silent.socketPath());
    QTRY_COMPARE(silentFailed.size(), 1);
}
#endif

QTEST_GUILESS_MAIN(tst_Relay)
#include "tst_relay.moc"
