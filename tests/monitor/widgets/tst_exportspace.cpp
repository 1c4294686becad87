// SPDX-License-Identifier: MIT
#include "mainwindow.h"
#include "model/session.h"
#include "monitor/support/filesizelimit.h"

#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;
using Flywheel::Monitor::Test::FileSizeLimit;

class ExportSpaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fullDiskLeavesTheOldFile();
};

void ExportSpaceTest::fullDiskLeavesTheOldFile()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("view.png"));
    Session session;
    MainWindow window(session, MainWindow::Memory::None);
    window.resize(1000, 700);
    window.show();
    QFile old(path);
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
    old.close();

    bool written = true;
    {
        const FileSizeLimit limit(64);
        written = window.exportTo(path);
    }
    QVERIFY(!written);
    QVERIFY(window.problem().contains(QStringLiteral("view.png")));
    QVERIFY(window.problem().contains(QStringLiteral("too large")));
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
}

QTEST_MAIN(ExportSpaceTest)
#include "tst_exportspace.moc"
