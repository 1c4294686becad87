// SPDX-License-Identifier: MIT
#include "model/target.h"

#include "monitor/support/watched.h"
#include "telemetry/publishingprocess.h"

#include <QtCore/qfileinfo.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using Flywheel::Telemetry::Test::PublishingProcess;
using Flywheel::Telemetry::Test::RuntimeDirectory;

/// Why a program that somebody names can't be watched.
class tst_Target : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneThatPublishesCanBe();
    void nobodyIsCalledSo();
    void twoAreCalledSo();
    void processThatDoesNotPublish();
    void processOfAnotherUser();
    void noSuchProcess();
    void theProgramsThatPublishAreListed();
};

void tst_Target::oneThatPublishesCanBe()
{
    const RuntimeDirectory directory;
    const FakePublisher publisher;
    Session session;
    session.startDiscovery();
    QCOMPARE(unwatchable(session, QStringLiteral("tst_target")), QString());
    QCOMPARE(unwatchable(session, QString::number(QCoreApplication::applicationPid())), QString());
}

void tst_Target::nobodyIsCalledSo()
{
    const RuntimeDirectory directory;
    Session session;
    session.startDiscovery();
    const QString reason = unwatchable(session, QStringLiteral("no\x1bsuch"));
    QVERIFY2(reason.contains(QString::fromUtf8("No program called “no\uFFFDsuch”")), qPrintable(reason));
    QVERIFY(reason.contains(QStringLiteral("flywheel-run")));
    QVERIFY(!reason.contains(QLatin1Char('\n')));
}

void tst_Target::twoAreCalledSo()
{
    const RuntimeDirectory directory;
    PublishingProcess one("1");
    PublishingProcess other("1");
    QVERIFY(one.isReady() && other.isReady());
    Session session;
    session.startDiscovery();
    QTRY_COMPARE(session.processes().size(), 2u);
    const QString name = session.processes()[0]->name();
    const QString reason = unwatchable(session, name);
    QVERIFY2(reason.startsWith(QStringLiteral("2 programs are called")), qPrintable(reason));
    QVERIFY(reason.contains(QString::number(one.id())) && reason.contains(QString::number(other.id())));
    QCOMPARE(unwatchable(session, QString::number(one.id())), QString());
}

void tst_Target::processThatDoesNotPublish()
{
    const RuntimeDirectory directory;
    PublishingProcess silent(nullptr);
    QVERIFY(silent.isReady());
    Session session;
    session.startDiscovery();
    const QString reason = unwatchable(session, QString::number(silent.id()));
    QVERIFY2(reason.contains(QStringLiteral("(pid %1)").arg(silent.id())), qPrintable(reason));
    QVERIFY2(reason.contains(QStringLiteral("not publish")), qPrintable(reason));
}

void tst_Target::processOfAnotherUser()
{
    const QFileInfo first(QStringLiteral("/proc/1"));
    const QFileInfo own(QStringLiteral("/proc/self"));
    const RuntimeDirectory directory;
    Session session;
    session.startDiscovery();
    const QString reason = unwatchable(session, QStringLiteral("1"));
    const bool isOther = first.exists() && first.ownerId() != own.ownerId();
    QCOMPARE(reason.contains(QStringLiteral("another user")), isOther);
    QVERIFY(!reason.isEmpty());
}

void tst_Target::noSuchProcess()
{
    const RuntimeDirectory directory;
    Session session;
    session.startDiscovery();
    QVERIFY(
        unwatchable(session, QStringLiteral("2000000000")).contains(QStringLiteral("no process 2000000000")));
}

void tst_Target::theProgramsThatPublishAreListed()
{
    const RuntimeDirectory directory;
    const FakePublisher publisher;
    Session session;
    session.startDiscovery();
    const QString reason = unwatchable(session, QStringLiteral("tst_targets"));
    QVERIFY2(reason.contains(QStringLiteral("tst_target (pid ")), qPrintable(reason));
}

QTEST_GUILESS_MAIN(tst_Target)
#include "tst_target.moc"
