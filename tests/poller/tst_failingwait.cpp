// SPDX-License-Identifier: MIT
// A wait that keeps failing, or is interrupted without end, warns once, pauses and keeps its deadline.
#include "support/application.h"
#include "support/interestfixture.h"
#include "support/pollerfixture.h"
#include "support/watchdog.h"

#include "pass/notifiertable.h"

#include <QtTest/qtest.h>

#include <climits>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

/// A poller whose waits do what the test says.
class BrokenPoller final : public AbstractPoller
{
public:
    explicit BrokenPoller(std::error_code error) : AbstractPoller(steadyNow), m_error(error) {}

    Poller kind() const override { return Poller::Epoll; }
    bool hasKernelSet() const override { return true; }
    std::error_code add(int, Interest, std::uint64_t) override { return {}; }
    std::error_code modify(int, Interest, std::uint64_t) override { return {}; }
    std::error_code remove(int) override { return {}; }
    std::error_code reset() override { return {}; }

    int waits = 0;
    int failures = INT_MAX; ///< so many, then all is well

protected:
    Outcome doWait(Nanoseconds timeout, WaitFor) override
    {
        if (++waits <= failures)
            return {{}, false, m_error};
        if (timeout != Forever)
            std::this_thread::sleep_for(timeout);
        return {{}, true, {}};
    }
    void notify() override {}

private:
    std::error_code m_error; ///< none: an interruption
};

class tst_FailingWait : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void doesNotSpin_data();
    void doesNotSpin();
    void looksDoNotSpin();
    void keepsDeadline_data();
    void keepsDeadline();
    void firstFailureDoesNotPause();
    void warnsOnceWithAdvice();
    void oneLoopWarnsForAll();
    void adviceFitsTheError_data();
    void adviceFitsTheError();

private:
    static void addErrors()
    {
        QTest::addColumn<std::error_code>("error");
        QTest::newRow("not permitted") << std::make_error_code(std::errc::operation_not_permitted);
        QTest::newRow("invalid") << std::make_error_code(std::errc::invalid_argument);
        QTest::newRow("interrupted") << std::error_code();
    }
};

void tst_FailingWait::doesNotSpin_data()
{
    addErrors();
}

void tst_FailingWait::doesNotSpin()
{
    const Watchdog watchdog;
    QFETCH(std::error_code, error);
    auto *poller = new BrokenPoller(error);
    InterestSet set(std::unique_ptr<AbstractPoller>(poller), coarseNow);
    set.setWanted(5, Interest::Read);
    const Instant end = steadyNow() + 300ms;
    while (steadyNow() < end) {
        set.prepare();
        set.wait(end);
    }
    QVERIFY2(poller->waits < 64 * 40, QByteArray::number(poller->waits).constData());
}

void tst_FailingWait::looksDoNotSpin()
{
    const Watchdog watchdog;
    auto *poller = new BrokenPoller(std::make_error_code(std::errc::operation_not_permitted));
    InterestSet set(std::unique_ptr<AbstractPoller>(poller), coarseNow);
    set.setWanted(5, Interest::Read);
    const Instant end = steadyNow() + 300ms;
    while (steadyNow() < end) {
        set.prepare();
        set.wait(Immediately);
    }
    QVERIFY2(poller->waits < 64, QByteArray::number(poller->waits).constData());
    QVERIFY(poller->trouble());
}

void tst_FailingWait::keepsDeadline_data()
{
    addErrors();
}

void tst_FailingWait::keepsDeadline()
{
    const Watchdog watchdog;
    QFETCH(std::error_code, error);
    BrokenPoller poller(error);
    const Instant begin = steadyNow();
    for (int i = 0; i < 6; ++i)
        poller.wait({steadyNow() + 5ms}, WaitFor::Everything);
    QVERIFY(steadyNow() - begin < 5s); // and the watchdog is content
}

void tst_FailingWait::firstFailureDoesNotPause()
{
    // That is how lost kernel objects show; reset() makes new ones.
    const Watchdog watchdog;
    Nanoseconds best = Nanoseconds::max();
    for (int i = 0; i < 5; ++i) {
        BrokenPoller poller(std::make_error_code(std::errc::bad_file_descriptor));
        const Instant begin = steadyNow();
        QVERIFY(poller.wait({}, WaitFor::Everything).error);
        best = std::min<Nanoseconds>(best, steadyNow() - begin);
        QVERIFY(!poller.trouble());
    }
    QVERIFY(best < 10ms);
}

void tst_FailingWait::warnsOnceWithAdvice()
{
    const Watchdog watchdog;
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral(
                                           "the epoll poller cannot wait: Operation not permitted.*filter")));
    auto *poller = new BrokenPoller(std::make_error_code(std::errc::operation_not_permitted));
    InterestSet set(std::unique_ptr<AbstractPoller>(poller), coarseNow);
    NotifierTable notifiers(set);
    for (int i = 0; i < 5; ++i) {
        notifiers.markReady(set.prepare());
        notifiers.markReady(set.wait(steadyNow() + 1ms));
    }
    QVERIFY(poller->trouble());
    poller->failures = 0;
    set.wait(steadyNow() + 1ms);
    QVERIFY(!poller->trouble());
}

void tst_FailingWait::oneLoopWarnsForAll()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    const auto refuse = [](InterestFixture &fixture) {
        NotifierTable notifiers(fixture.set);
        fixture.set.setWanted(5, Interest::Read);
        fixture.poller.errors[5] = std::errc::too_many_files_open;
        notifiers.markReady(fixture.set.prepare());
    };
    for (int i = 0; i < 2; ++i) { // once all are gone, it is news again
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("ulimit -n")));
        InterestFixture first;
        InterestFixture second;
        refuse(first);
        refuse(second);
    }
}

void tst_FailingWait::adviceFitsTheError_data()
{
    QTest::addColumn<std::errc>("error");
    QTest::addColumn<QString>("words");
    QTest::newRow("EMFILE") << std::errc::too_many_files_open << QStringLiteral("ulimit -n");
    QTest::newRow("ENFILE") << std::errc::too_many_files_open_in_system << QStringLiteral("fs.file-max");
    QTest::newRow("ENOMEM") << std::errc::not_enough_memory << QStringLiteral("memory");
    QTest::newRow("ENOSPC") << std::errc::no_space_on_device << QStringLiteral("max_user_watches");
}

void tst_FailingWait::adviceFitsTheError()
{
    QFETCH(std::errc, error);
    QFETCH(QString, words);
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(words));
    InterestFixture fixture;
    NotifierTable notifiers(fixture.set);
    fixture.set.setWanted(5, Interest::Read);
    for (int i = 0; i < 3; ++i) {
        fixture.poller.errors[5] = error;
        notifiers.markReady(fixture.set.prepare());
    }
}

QTEST_APPLESS_MAIN(tst_FailingWait)
#include "tst_failingwait.moc"
