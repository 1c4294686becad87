// SPDX-License-Identifier: MIT
#include "hosting/lookahead.h"

#include <QtTest/qtest.h>

using namespace Flywheel;

class tst_LookAhead : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looksWhileItFinds();
    void eachLookInVainDoublesThePause();
    void aFindEndsThePauses();
};

/// How often it is asked in vain before it looks.
static int pauseOf(LookAhead &lookAhead)
{
    int pause = 0;
    while (!lookAhead.isDue())
        ++pause;
    return pause;
}

void tst_LookAhead::looksWhileItFinds()
{
    LookAhead lookAhead;
    for (int i = 0; i < 10; ++i) {
        QVERIFY(lookAhead.isDue());
        lookAhead.looked(true);
    }
}

void tst_LookAhead::eachLookInVainDoublesThePause()
{
    LookAhead lookAhead;
    for (const int pause : {0, 1, 3, 7, 15, 31, 63, 63}) {
        QCOMPARE(pauseOf(lookAhead), pause);
        lookAhead.looked(false);
    }
}

void tst_LookAhead::aFindEndsThePauses()
{
    LookAhead lookAhead;
    lookAhead.looked(false);
    lookAhead.looked(false);
    QCOMPARE(pauseOf(lookAhead), 3);
    lookAhead.looked(true);
    QCOMPARE(pauseOf(lookAhead), 0);
    lookAhead.looked(false);
    QCOMPARE(pauseOf(lookAhead), 1);
}

QTEST_APPLESS_MAIN(tst_LookAhead)
#include "tst_lookahead.moc"
