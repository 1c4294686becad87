// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: waits are rounded up to the kernel's granularity and no further.
#include "support/application.h"
#include "support/pollerfixture.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_WaitPrecision : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void lastsNanosecondsNotMilliseconds_data();
    void lastsNanosecondsNotMilliseconds();
};

void tst_WaitPrecision::lastsNanosecondsNotMilliseconds_data()
{
    QTest::addColumn<WaitFor>("what");
    QTest::newRow("everything") << WaitFor::Everything;
    QTest::newRow("wake-ups") << WaitFor::WakeUps;
}

void tst_WaitPrecision::lastsNanosecondsNotMilliseconds()
{
    // The best of many runs: others may keep the processor busy, but rounding up to milliseconds would show
    // in all.
    const Watchdog watchdog;
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    Nanoseconds best = Nanoseconds::max();
    for (int i = 0; i < 200; ++i) {
        const Instant start = steadyNow();
        poller->wait({start + 100us}, what);
        best = std::min(best, steadyNow() - start);
    }
    QVERIFY2(best < 900us, QByteArray::number(qlonglong(best.count())).constData());
}

QTEST_APPLESS_MAIN(tst_WaitPrecision)
#include "tst_waitprecision.moc"
