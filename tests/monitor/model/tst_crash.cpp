// SPDX-License-Identifier: MIT
#include "model/crash.h"
#include "model/session.h"

#include "monitor/support/deadprogram.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using namespace std::chrono_literals;

class tst_Crash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheLastOne();
    void findsByNameAndNumber();
    void saysWhyThereIsNone();
    void tellsWhatRan();
    void sessionShowsItsLoops();
};

void tst_Crash::findsTheLastOne()
{
    DeadPrograms dead;
    dead.leave(2'000'000'001, 100s, "older");
    dead.leave(2'000'000'002, 300s, "newest");
    dead.leave(2'000'000'003, 200s, "middle");
    QString problem;
    const auto found = findCrash({}, problem);
    QVERIFY2(found, qPrintable(problem));
    QCOMPARE(programOf(*found), QStringLiteral("newest"));
    QCOMPARE(found->loops.size(), 2u);
    QCOMPARE(loopToBlame(*found)->identity.loopId, 2u);
}

void tst_Crash::findsByNameAndNumber()
{
    DeadPrograms dead;
    dead.leave(2'000'000'001, 100s, "older");
    dead.leave(2'000'000'002, 300s, "newest");
    QString problem;
    QCOMPARE(programOf(*findCrash(QStringLiteral("Older"), problem)), QStringLiteral("older"));
    QCOMPARE(programOf(*findCrash(QStringLiteral("2000000001"), problem)), QStringLiteral("older"));
}

void tst_Crash::saysWhyThereIsNone()
{
    DeadPrograms dead;
    QString problem;
    dead.leave(2'000'000'001, 100s, "older");
    QVERIFY(!findCrash(QStringLiteral("other"), problem));
    QVERIFY2(problem.contains(QStringLiteral("“other”")), qPrintable(problem));
}

void tst_Crash::tellsWhatRan()
{
    DeadPrograms dead;
    dead.leave(2'000'000'001, 100s, "echo");
    QString problem;
    const QString text = epitaphOf(*findCrash({}, problem));
    QVERIFY2(text.startsWith(QStringLiteral("echo (pid 2000000001) has died")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("worker ran timer 3 of Worker \"poll\", since ")),
             qPrintable(text));
    // The main loop went on for a second.
    QVERIFY2(text.endsWith(QStringLiteral("for at least 1.00 s.")), qPrintable(text));
}

void tst_Crash::sessionShowsItsLoops()
{
    DeadPrograms dead;
    dead.leave(2'000'000'001, 100s, "echo");
    QString problem;
    Session session;
    const Process &process = session.showCrash(*findCrash({}, problem));
    QCOMPARE(process.name(), QStringLiteral("echo"));
    QCOMPARE(process.state(), Process::State::Ended);
    QVERIFY(process.isFromJournals());
    QCOMPARE(process.loops().size(), 2u);
    QCOMPARE(process.loops()[0]->name(), QStringLiteral("main"));
    QVERIFY(process.loops()[0]->isMain());
    QVERIFY(!process.loops()[0]->isRunning());
    QCOMPARE(process.loops()[0]->handlers().size(), 1u);
    QVERIFY(!process.loops()[0]->handlers().running());
    QCOMPARE(process.loops()[1]->handlers().running()->handler.begin, Time(103s));
    QCOMPARE(session.now(), Time(104s));
}

QTEST_GUILESS_MAIN(tst_Crash)
#include "tst_crash.moc"
