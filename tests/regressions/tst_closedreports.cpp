// SPDX-License-Identifier: MIT
// The warning about a closed descriptor reaches a message handler of the program, which may run a loop or
// delete the notifier: the other closed descriptors are reported all the same.
#include "support/application.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <array>
#include <functional>
#include <memory>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_ClosedReports : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void loopInMessageHandlerLosesNone_data();
    void loopInMessageHandlerLosesNone();
    void messageHandlerMayDeleteTheNotifier();
    void readinessBesideIsNotLost();
};

namespace {

/// Calls \a onInvalid for each warning about an invalid socket, in place of the test's own handler.
class InvalidSocketWarnings
{
public:
    explicit InvalidSocketWarnings(std::function<void()> onInvalid)
    {
        s_onInvalid = std::move(onInvalid);
        m_before = qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &text) {
            if (text.contains(QStringLiteral("Invalid socket")))
                s_onInvalid();
        });
    }
    ~InvalidSocketWarnings()
    {
        qInstallMessageHandler(m_before);
        s_onInvalid = nullptr;
    }

private:
    static inline std::function<void()> s_onInvalid;
    QtMessageHandler m_before;
};

struct Watched
{
    SocketPair sockets;
    std::unique_ptr<QSocketNotifier> notifier =
        std::make_unique<QSocketNotifier>(sockets.first(), QSocketNotifier::Read);
};

} // namespace

void tst_ClosedReports::loopInMessageHandlerLosesNone_data()
{
    QTest::addColumn<bool>("known"); // to the kernel, when they are closed
    QTest::newRow("closed before the first pass") << false;
    QTest::newRow("closed afterwards") << true;
}

void tst_ClosedReports::loopInMessageHandlerLosesNone()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    QFETCH(bool, known);
    const Application application(poller);
    std::array<Watched, 7> watched;
    if (known)
        QCoreApplication::processEvents();
    std::size_t reports = 0;
    const InvalidSocketWarnings warnings([&] {
        ++reports;
        QCoreApplication::processEvents();
    });
    for (Watched &each : watched)
        each.sockets.closeFirst();
    const auto areDisabled = [&] {
        return std::ranges::none_of(watched, [](const Watched &each) { return each.notifier->isEnabled(); });
    };
    processUntil(areDisabled);
    QVERIFY(reports > 0); // Qt passes what is logged inside a handler to its own one
}

void tst_ClosedReports::messageHandlerMayDeleteTheNotifier()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    std::array<Watched, 2> watched;
    const InvalidSocketWarnings warnings([&] {
        for (Watched &each : watched)
            each.notifier.reset();
    });
    for (Watched &each : watched)
        each.sockets.closeFirst();
    processUntil([&] { return !watched.front().notifier; });
    QCoreApplication::processEvents();
}

void tst_ClosedReports::readinessBesideIsNotLost()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    std::array<Watched, 3> closed;
    Watched open;
    std::size_t received = 0;
    connect(open.notifier.get(), &QSocketNotifier::activated, this,
            [&] { received += open.sockets.drain(); });
    const InvalidSocketWarnings warnings([] { QCoreApplication::processEvents(); });
    for (Watched &each : closed)
        each.sockets.closeFirst();
    open.sockets.write();
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
    QCOMPARE(received, std::size_t(1));
    for (Watched &each : closed)
        QVERIFY(!each.notifier->isEnabled());
}

QTEST_APPLESS_MAIN(tst_ClosedReports)
#include "tst_closedreports.moc"
