// SPDX-License-Identifier: MIT
// A program that has died, in the window.
#include "chartgrid.h"
#include "messagepage.h"
#include "monitor/support/deadprogram.h"
#include "monitor/support/monitorprogram.h"
#include "monitor/support/window.h"
#include "timelineview.h"

#include <QtGui/qimage.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qpushbutton.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class CrashedProgramTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void windowShowsItsLastHandlers();
    void startPageOffersIt();
    void startPageOffersNothingElse();
    void programShowsIt();
    void programWithoutOneFails();
};

void CrashedProgramTest::windowShowsItsLastHandlers()
{
    DeadPrograms dead;
    dead.leave(2'000'000'001, 100s, "echo");
    QString problem;
    Session session;
    const auto window = makeWindow(session);
    window->showCrash(*findCrash({}, problem));
    QVERIFY(window->showsCharts());
    QVERIFY(window->timeline()->isVisible());
    QVERIFY(!window->charts()->isVisible()); // nothing is known that they could show
    QCOMPARE(window->timeline()->lanes().size(), 2u);
    QVERIFY(window->scope().visible().contains(102s));
    QVERIFY(window->scope().visible().contains(104s));
    const QImage image = window->timeline()->grab().toImage();
    const TimelineLane lane =
        window->timeline()->lanes().at(window->timeline()->lanes().at(0).loop->id() == 2 ? 0 : 1);
    const QRectF plot = window->timeline()->plotRect();
    const double x = window->timeline()->overlay().xOf(103500ms, plot);
    QCOMPARE(image.pixelColor(QPointF(x, lane.rect.bottom() - 3).toPoint()), Theme::current().vermillion);
}

void CrashedProgramTest::startPageOffersIt()
{
    DeadPrograms dead;
    dead.leave(2'000'000'001, 100s, "echo");
    Session session;
    const auto window = makeWindow(session);
    QVERIFY(window->message()->crashButton()->isVisible());
    QVERIFY(window->message()->crashButton()->text().contains(QStringLiteral("echo")));
    window->message()->crashButton()->click();
    QVERIFY(window->showsCharts());
    QCOMPARE(window->timeline()->lanes().size(), 2u);
}

void CrashedProgramTest::startPageOffersNothingElse()
{
    const DeadPrograms none; // but others may have left something in /tmp
    Session session;
    const auto window = makeWindow(session);
    QString problem;
    QCOMPARE(window->message()->crashButton()->isVisible(), findCrash({}, problem).has_value());
}

void CrashedProgramTest::programShowsIt()
{
    DeadPrograms dead;
    dead.leave(2'000'000'001, 100s, "echo");
    const QString picture = dead.directory.path() + QStringLiteral("/window.png");
    const Ended result =
        runMonitor({QStringLiteral("--crashed"), QStringLiteral("echo"), QStringLiteral("--screenshot"),
                    picture, QStringLiteral("--after"), QStringLiteral("0")});
    QCOMPARE(result.code, 0);
    QVERIFY(!QImage(picture).isNull());
}

void CrashedProgramTest::programWithoutOneFails()
{
    const DeadPrograms none;
    const Ended result = runMonitor({QStringLiteral("--crashed"), QStringLiteral("no-such-program")});
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains(QStringLiteral("has died")), qPrintable(result.error));
    QCOMPARE(result.error.count(QLatin1Char('\n')), 1);
}

QTEST_MAIN(CrashedProgramTest)
#include "tst_crashedprogram.moc"
