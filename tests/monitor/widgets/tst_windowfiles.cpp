// SPDX-License-Identifier: MIT
#include "chartgrid.h"
#include "loopsview.h"
#include "mainwindow.h"
#include "model/recording.h"
#include "monitor/support/recordings.h"
#include "monitor/support/watched.h"
#include "replaybar.h"
#include "statusline.h"
#include "tablesview.h"
#include "tableview.h"
#include "thresholddialog.h"
#include "thresholdstore.h"
#include "utilisationchart.h"

#include <QtCore/qprocess.h>
#include <QtCore/qsettings.h>
#include <QtCore/qtemporarydir.h>
#include <QtSvg/qsvgrenderer.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qapplication.h>
#include <QtWidgets/qcombobox.h>
#include <QtWidgets/qdialogbuttonbox.h>
#include <QtWidgets/qmessagebox.h>
#include <QtWidgets/qpushbutton.h>
#include <QtWidgets/qspinbox.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// Files that the window reads and writes, settings that it keeps, and processes that it starts or watches.
class WindowFilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void recordsAndReplays();
    void savesWhatHasHappened();
    void opensRecordingsAtAGlance();
    void clickGoesToThePlaceOnTheTimeLine();
    void tellsWhyARecordingDoesNotOpen();
    void tellsWhyItCanNotRecord();
    void exportsPictures();
    void exportsSamples();
    void tellsWhyItCanNotExport_data();
    void tellsWhyItCanNotExport();
    void remembersLayoutAndTheme();
    void thresholdsAreKeptByName();
    void thresholdsMustBeInOrder();
    void killedProcessStays();

private:
    QString path(const char *name) const { return m_files->filePath(QString::fromLatin1(name)); }
    QByteArray contents(const char *name) const;

    std::unique_ptr<QTemporaryDir> m_files;
};

void WindowFilesTest::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("FlywheelTest"));
    QSettings::setDefaultFormat(
        QSettings::IniFormat); // in files everywhere, so that they can be put elsewhere
}

void WindowFilesTest::init()
{
    m_files = std::make_unique<QTemporaryDir>();
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope,
                       m_files->filePath(QStringLiteral("settings")));
}

QByteArray WindowFilesTest::contents(const char *name) const
{
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void WindowFilesTest::recordsAndReplays()
{
    Watched watched;
    MainWindow window(watched.session, MainWindow::Memory::None);
    window.show();
    QVERIFY(watched.isAttached());
    QVERIFY(window.startRecording(path("run.flywheel")));
    QVERIFY(window.actions().record->isChecked());
    QVERIFY(watched.showCalm(100s, 110s));
    window.refreshNow();
    QVERIFY(window.status()->text().contains(QStringLiteral("recording 00:00:0")));
    window.actions().record->trigger();
    QVERIFY(!window.actions().record->isChecked());
    QVERIFY(!watched.session.recorder());

    QVERIFY(window.openRecording(path("run.flywheel")));
    QVERIFY(window.replayBar()->isVisible());
    QVERIFY(!window.actions().record->isEnabled());
    Replay *replay = watched.session.replay();
    window.replayBar()->timeLine()->setValue(window.replayBar()->timeLine()->maximum());
    QTRY_VERIFY(!replay->isLoading());
    QTRY_VERIFY(window.showsCharts());
    window.refreshNow();
    QCOMPARE(window.charts()->utilisation()->line().points().back().value, 10.0);
    QVERIFY(window.charts()->utilisation()->line().points().size() > 90);

    window.replayBar()->timeLine()->setValue(window.replayBar()->timeLine()->maximum() / 2);
    QCOMPARE(replay->position(), replay->span().begin + replay->span().length() / 2);
    window.replayBar()->speed()->setCurrentIndex(window.replayBar()->speed()->findData(10.0));
    Q_EMIT window.replayBar()->speed()->activated(0);
    QCOMPARE(replay->speed(), 10.0);
    window.replayBar()->playAction()->trigger();
    QVERIFY(replay->isPlaying());
    QTRY_VERIFY(replay->position() > replay->span().begin + replay->span().length() * 6 / 10);
    window.replayBar()->playAction()->trigger();
    QVERIFY(!replay->isPlaying());

    Q_EMIT window.replayBar()->closeRequested();
    QVERIFY(!watched.session.replay());
    QVERIFY(!window.replayBar()->isVisible());
}

void WindowFilesTest::savesWhatHasHappened()
{
    Watched watched;
    MainWindow window(watched.session, MainWindow::Memory::None);
    window.show();
    QVERIFY(watched.isAttached());
    window.refreshNow();
    QVERIFY(!window.actions().saveRecent->isEnabled());
    QVERIFY(watched.showCalm(100s, 110s));
    window.refreshNow();
    QVERIFY(window.actions().saveRecent->isEnabled());
    QVERIFY(window.saveRecent(path("recent.flywheel")));
    QVERIFY(contents("recent.flywheel").startsWith("SQLite format 3"));
    QVERIFY(!window.saveRecent(path("nowhere/recent.flywheel")));
    QVERIFY2(window.problem().contains(QLatin1String("nowhere")), qPrintable(window.problem()));
    QVERIFY(window.openRecording(path("recent.flywheel")));
    QTRY_VERIFY(!watched.session.replay()->isLoading() && window.showsCharts());
    window.refreshNow();
    QVERIFY(!window.actions().saveRecent->isEnabled()); // the programs were closed for the recording
}

void WindowFilesTest::opensRecordingsAtAGlance()
{
    Test::record(path("run.flywheel"), 300);
    Session session;
    MainWindow window(session, MainWindow::Memory::None);
    window.show();
    QVERIFY(window.openRecording(path("run.flywheel")));
    const TimeSpan span = session.replay()->span();
    QTRY_VERIFY(!session.replay()->isLoading() && window.showsCharts());
    QTRY_COMPARE(window.scope().visible(), span);
    window.refreshNow();
    QVERIFY(window.charts()->utilisation()->line().points().size() > 250);
    QCOMPARE(window.charts()->badge(), QStringLiteral("replay"));
    window.actions().pause->trigger();
    QVERIFY2(window.status()->text().startsWith(QStringLiteral("view paused")),
             qPrintable(window.status()->text()));
    QVERIFY(!window.status()->text().contains(QStringLiteral("collecting")));
    window.actions().pause->trigger();
    for (int i = 0; i < 30; ++i)
        window.actions().zoomOut->trigger();
    QCOMPARE(window.scope().visible(), span);
}

void WindowFilesTest::clickGoesToThePlaceOnTheTimeLine()
{
    Test::record(path("run.flywheel"), 300);
    Session session;
    MainWindow window(session, MainWindow::Memory::None);
    window.show();
    QVERIFY(window.openRecording(path("run.flywheel")));
    TimeLine *line = window.replayBar()->timeLine();
    QTRY_VERIFY(line->width() > 100);
    const TimeSpan span = session.replay()->span();
    for (const double share : {0.25, 0.8, 0.5}) {
        QTest::mouseClick(line, Qt::LeftButton, {}, {int(line->width() * share), line->height() / 2});
        const Time wanted = span.begin + std::chrono::duration_cast<Duration>(span.length() * share);
        QVERIFY(std::chrono::abs(session.replay()->position() - wanted) < span.length() / 20);
    }
}

void WindowFilesTest::tellsWhyARecordingDoesNotOpen()
{
    QFile file(path("text.flywheel"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("no recording") > 0);
    file.close();
    Session session;
    MainWindow window(session, MainWindow::Memory::None);
    QVERIFY(!window.openRecording(file.fileName()));
    QVERIFY(window.problem().contains(QStringLiteral("text.flywheel")));
    QVERIFY(window.findChild<QMessageBox *>());
}

void WindowFilesTest::tellsWhyItCanNotRecord()
{
    Session session;
    MainWindow window(session, MainWindow::Memory::None);
    QVERIFY(!window.startRecording(path("nowhere/run.flywheel")));
    QVERIFY(window.problem().contains(QStringLiteral("nowhere")));
    QVERIFY(!window.actions().record->isChecked());
}

void WindowFilesTest::exportsPictures()
{
    Watched watched;
    MainWindow window(watched.session, MainWindow::Memory::None);
    window.resize(1000, 700);
    window.show();
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 110s));
    window.refreshNow();
    QVERIFY(window.exportTo(path("charts.png")));
    QCOMPARE(QImage(path("charts.png")).size(), window.charts()->size());
    QVERIFY(window.exportTo(path("charts.svg")));
    QVERIFY(QSvgRenderer(path("charts.svg")).isValid());
    QVERIFY(contents("charts.svg").contains("Latency"));
}

void WindowFilesTest::exportsSamples()
{
    Watched watched;
    MainWindow window(watched.session, MainWindow::Memory::None);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 110s));
    window.refreshNow();
    window.scope().select(102s, 103s);
    QVERIFY(window.exportTo(path("samples.csv")));
    const QByteArrayList lines = contents("samples.csv").trimmed().split('\n');
    QCOMPARE(lines.size(), 11); // the header and ten samples
    const QByteArrayList names = lines[0].split(',');
    const QByteArrayList cells = lines[1].split(',');
    QCOMPARE(cells.size(), names.size());
    QCOMPARE(cells[names.indexOf("loop")], QByteArray("\"main\""));
    QCOMPARE(cells[names.indexOf("utilisation")], QByteArray("0.1"));
    QCOMPARE(cells[names.indexOf("notifiers_per_s")], QByteArray("100"));
    QCOMPARE(cells[names.indexOf("timer_lateness_p99_ns")], QByteArray());
}

void WindowFilesTest::tellsWhyItCanNotExport_data()
{
    QTest::addColumn<QString>("ending");
    QTest::newRow("picture") << QStringLiteral("png");
    QTest::newRow("drawing") << QStringLiteral("svg");
    QTest::newRow("table") << QStringLiteral("csv");
}

void WindowFilesTest::tellsWhyItCanNotExport()
{
    QFETCH(QString, ending);
    Session session;
    MainWindow window(session, MainWindow::Memory::None);
    window.show();
    const QString file = path("nowhere/view.") + ending;
    QVERIFY(!window.exportTo(file));
    QVERIFY(window.problem().contains(file));
    QVERIFY(window.problem().contains(QStringLiteral("Choose another place")));
    QVERIFY(!window.exportTo(m_files->path() + QStringLiteral("/.")));
}

void WindowFilesTest::remembersLayoutAndTheme()
{
    Session session;
    {
        MainWindow window(session);
        window.setTheme(Theme::Kind::Light);
        window.actions().windows[2]->trigger();
        window.resize(900, 650);
        window.show();
        window.close();
    }
    {
        MainWindow window(session);
        QCOMPARE(Theme::current().kind, Theme::Kind::Light);
        QCOMPARE(window.scope().window(), Duration(10min));
        QVERIFY(window.actions().windows[2]->isChecked());
        QCOMPARE(window.size(), QSize(900, 650));
        window.actions().theme->trigger();
        window.close();
    }
    const MainWindow window(session);
    QCOMPARE(Theme::current().kind, Theme::Kind::Dark);
}

void WindowFilesTest::thresholdsAreKeptByName()
{
    Thresholds strict;
    strict.busyP99 = 1ms;
    strict.unwellP99 = 2ms;
    {
        Watched watched;
        MainWindow window(watched.session, MainWindow::Memory::None);
        window.show();
        QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
        window.actions().thresholds->trigger();
        auto *dialog = window.findChild<ThresholdDialog *>();
        QVERIFY(dialog);
        const auto boxes = dialog->findChildren<QDoubleSpinBox *>();
        boxes[2]->setValue(1);
        boxes[3]->setValue(2);
        dialog->accept();
        QCOMPARE(watched.loop()->thresholds(), strict);
    }
    Watched again;
    const MainWindow window(again.session, MainWindow::Memory::None);
    QVERIFY(again.isAttached() && again.showCalm(100s, 101s));
    QCOMPARE(again.loop()->thresholds(), strict);
}

void WindowFilesTest::thresholdsMustBeInOrder()
{
    ThresholdDialog dialog(QStringLiteral("main"), Thresholds(), QString());
    const auto *buttons = dialog.findChild<QDialogButtonBox *>();
    QVERIFY(buttons->button(QDialogButtonBox::Ok)->isEnabled());
    dialog.findChildren<QDoubleSpinBox *>()[0]->setValue(99);
    QVERIFY(!buttons->button(QDialogButtonBox::Ok)->isEnabled());
}

void WindowFilesTest::killedProcessStays()
{
    const Telemetry::Test::RuntimeDirectory directory;
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("FLYWHEEL_TELEMETRY"), QStringLiteral("1"));
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(PUBLISHING_PROGRAM), {});
    QVERIFY(program.waitForReadyRead());

    Session session;
    MainWindow window(session, MainWindow::Memory::None);
    window.show();
    session.startDiscovery();
    session.attachWhenFound(QString::number(program.processId()));
    QTRY_VERIFY(window.showsCharts());
    // The first frame is about the program's whole life: if that was long, it makes no sample.
    QTRY_VERIFY(!session.loops()[0]->history().isEmpty());
    program.kill();
    QVERIFY(program.waitForFinished());
    QTRY_COMPARE(session.processes()[0]->state(), Process::State::Ended);
    QVERIFY(window.showsCharts());
    window.refreshNow();
    QVERIFY(!window.charts()->utilisation()->line().points().empty());
    QVERIFY(window.loops()->currentIndex().data(EndedRole).toBool());
}

QTEST_MAIN(WindowFilesTest)
#include "tst_windowfiles.moc"
