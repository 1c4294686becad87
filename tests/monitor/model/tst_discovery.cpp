// SPDX-License-Identifier: MIT
#include "model/discovery.h"

#include "telemetry/publishingprocess.h"
#include "telemetry/runtimedirectory.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using Flywheel::Monitor::Discovery;
using Flywheel::Telemetry::Test::PublishingProcess;
using Flywheel::Telemetry::Test::RuntimeDirectory;

class tst_Discovery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void programsComeAndGo();
    void nothingPublishes();
};

void tst_Discovery::programsComeAndGo()
{
    const RuntimeDirectory directory;
    Discovery discovery;
    QSignalSpy appeared(&discovery, &Discovery::appeared);
    QSignalSpy disappeared(&discovery, &Discovery::disappeared);
    discovery.start();
    PublishingProcess program("1");
    QVERIFY(program.isReady());
    QTRY_COMPARE(appeared.count(), 1);
    QCOMPARE(discovery.publishers().size(), 1u);
    QCOMPARE(discovery.publishers()[0].processId, program.id());
    QCOMPARE(disappeared.count(), 0);
    program.kill();
    QTRY_COMPARE(disappeared.count(), 1);
    QVERIFY(discovery.publishers().empty());
    QCOMPARE(appeared.count(), 1);
}

void tst_Discovery::nothingPublishes()
{
    const RuntimeDirectory directory;
    Discovery discovery;
    QSignalSpy changed(&discovery, &Discovery::changed);
    discovery.start();
    discovery.refresh();
    QVERIFY(discovery.publishers().empty());
    QCOMPARE(changed.count(), 0);
}

QTEST_GUILESS_MAIN(tst_Discovery)
#include "tst_discovery.moc"
