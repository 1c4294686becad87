// SPDX-License-Identifier: MIT
#include "monitor/support/monitorprogram.h"

#include <QtCore/qtemporarydir.h>
#include <QtGui/qimage.h>

using namespace Flywheel::Monitor::Test;

/// flywheel-monitor where there is no display.
class DisplayTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysThatThereIsNone();
    void screenshotNeedsNone();

private:
    static QProcessEnvironment withoutDisplay();
};

QProcessEnvironment DisplayTest::withoutDisplay()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        environment.remove(QString::fromLatin1(name));
    return environment;
}

void DisplayTest::saysThatThereIsNone()
{
    const Ended monitor = runMonitor({}, withoutDisplay());
    QCOMPARE(monitor.code, 1);
    QVERIFY(monitor.error.contains(QStringLiteral("--text")));
}

void DisplayTest::screenshotNeedsNone()
{
    const QTemporaryDir directory;
    const QString picture = directory.filePath(QStringLiteral("window.png"));
    QCOMPARE(takeScreenshot(picture, {900, 600}, withoutDisplay()).code, 0);
    QCOMPARE(QImage(picture).size(), QSize(900, 600));
}

QTEST_GUILESS_MAIN(DisplayTest)
#include "tst_display.moc"
