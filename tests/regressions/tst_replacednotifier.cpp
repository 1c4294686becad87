// SPDX-License-Identifier: MIT
// A notifier takes the place of another one of the same number and type: it must not get what was pending for
// the old one, which came from another file.
#include "support/application.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <memory>

#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_ReplacedNotifier : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void getsNothingPending_data();
    void getsNothingPending();
    void getsWhatComesAfterwards();
};

namespace {

/// Two sockets that are ready in one pass: the handler of the one that comes first replaces the other's file
/// and notifier.
class TwoReady
{
public:
    TwoReady()
    {
        for (Side &side : m_sides) {
            side.notifier = watch(side.sockets.first());
            QObject::connect(side.notifier.get(), &QSocketNotifier::activated, [this, &side] {
                side.sockets.drain();
                if (!std::exchange(m_replaced, true))
                    replace(&side == m_sides.data() ? m_sides[1] : m_sides[0]);
            });
            side.sockets.write();
        }
    }

    std::function<void(std::unique_ptr<QSocketNotifier> &old)> beforeReplacement = [](auto &) {};
    std::function<void()> afterReplacement = [] {};
    bool isReplaced() const { return m_replaced; }
    int activations() const { return m_activations; }
    void writeToNewFile() { m_fresh.write(); }

private:
    struct Side
    {
        SocketPair sockets;
        std::unique_ptr<QSocketNotifier> notifier;
    };

    static std::unique_ptr<QSocketNotifier> watch(int fd)
    {
        return std::make_unique<QSocketNotifier>(fd, QSocketNotifier::Read);
    }
    void replace(Side &side)
    {
        beforeReplacement(side.notifier);
        ::dup2(m_fresh.first(), side.sockets.first());
        m_new = watch(side.sockets.first());
        QObject::connect(m_new.get(), &QSocketNotifier::activated, [this] {
            ++m_activations;
            m_fresh.drain();
        });
        side.notifier.reset();
        afterReplacement();
    }

    SocketPair m_fresh;
    std::array<Side, 2> m_sides;
    std::unique_ptr<QSocketNotifier> m_new;
    bool m_replaced = false;
    int m_activations = 0;
};

void runPasses()
{
    for (int i = 0; i < 5; ++i)
        QCoreApplication::processEvents();
}

} // namespace

void tst_ReplacedNotifier::getsNothingPending_data()
{
    using Before = std::function<void(std::unique_ptr<QSocketNotifier> &)>;
    QTest::addColumn<Before>("before");
    QTest::addColumn<bool>("nested");
    for (const bool nested : {false, true}) {
        const char *const suffix = nested ? ", then a nested pass" : "";
        QTest::addRow("old one deleted afterwards%s", suffix) << Before([](auto &) {}) << nested;
        QTest::addRow("old one deleted first%s", suffix) << Before([](auto &old) { old.reset(); }) << nested;
        QTest::addRow("old one disabled first%s", suffix)
            << Before([](auto &old) { old->setEnabled(false); }) << nested;
    }
}

void tst_ReplacedNotifier::getsNothingPending()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    QFETCH(const std::function<void(std::unique_ptr<QSocketNotifier> &)>, before);
    QFETCH(bool, nested);
    const Application application(poller);
    TwoReady pair;
    pair.beforeReplacement = before;
    if (nested)
        pair.afterReplacement = runPasses;
    processUntil([&] { return pair.isReplaced(); });
    runPasses();
    QCOMPARE(pair.activations(), 0);
}

void tst_ReplacedNotifier::getsWhatComesAfterwards()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    TwoReady pair;
    processUntil([&] { return pair.isReplaced(); });
    pair.writeToNewFile();
    processUntil([&] { return pair.activations() > 0; });
    runPasses();
    QCOMPARE(pair.activations(), 1);
}

QTEST_APPLESS_MAIN(tst_ReplacedNotifier)
#include "tst_replacednotifier.moc"
