// SPDX-License-Identifier: MIT
// epoll(7) refuses sets that are nested too deep (ELOOP), poll(2) does not: another library's set is watched
// all the same.
#include "platform/uniquefd.h"
#include "support/application.h"
#include "support/pollerfixture.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <vector>

#include <sys/epoll.h>
#include <sys/eventfd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_NestedEpoll : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isHeard_data() { addDepths(); }
    void isHeard();
    void idleLoopSleeps();
    void isUncovered();
    void canBeChangedAndRemoved();
    void closedOneIsReported();
    void isWokenBesideIt();
    void notifierIsActivated_data() { addDepths(); }
    void notifierIsActivated();

private:
    static void addDepths()
    {
        QTest::addColumn<int>("depth");
        for (int depth = 1; depth <= 5; ++depth)
            QTest::addRow("%d sets", depth) << depth;
    }
};

namespace {

/// epoll sets in epoll sets around an eventfd.
class Chain
{
public:
    explicit Chain(int depth)
    {
        m_descriptors.emplace_back(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
        for (int i = 0; i < depth; ++i) {
            UniqueFd set(::epoll_create1(EPOLL_CLOEXEC));
            epoll_event event{};
            event.events = EPOLLIN;
            if (::epoll_ctl(set.get(), EPOLL_CTL_ADD, outermost(), &event) != 0)
                qFatal("the kernel refuses the chain itself");
            m_descriptors.push_back(std::move(set));
        }
    }
    int outermost() const { return m_descriptors.back().get(); }
    void closeOutermost() { m_descriptors.back().reset(); }
    void write() const { ::eventfd_write(m_descriptors.front().get(), 1); }
    void drain() const
    {
        eventfd_t value = 0;
        ::eventfd_read(m_descriptors.front().get(), &value);
    }

private:
    std::vector<UniqueFd> m_descriptors;
};

constexpr int TooDeep = 5;

std::unique_ptr<AbstractPoller> makeEpoll()
{
    return createPoller(Poller::Epoll, steadyNow).poller;
}

} // namespace

void tst_NestedEpoll::isHeard()
{
    QFETCH(int, depth);
    const Chain chain(depth);
    const auto poller = makeEpoll();
    QVERIFY(!poller->add(chain.outermost(), Interest::Read, 7));
    QVERIFY(look(*poller).empty());
    chain.write();
    QVERIFY(look(*poller)[7] == Interest::Read);
    chain.drain();
    QVERIFY(look(*poller).empty());
}

void tst_NestedEpoll::idleLoopSleeps()
{
    const Chain chain(TooDeep);
    const auto poller = makeEpoll();
    QVERIFY(!poller->add(chain.outermost(), Interest::Read, 7));
    const Instant deadline = steadyNow() + 20ms;
    QVERIFY(poller->wait({deadline}, WaitFor::Everything).events.empty());
    QVERIFY(steadyNow() >= deadline);
}

void tst_NestedEpoll::isUncovered()
{
    const Chain shallow(1);
    const Chain deep(TooDeep);
    const auto poller = makeEpoll();
    QVERIFY(!poller->add(shallow.outermost(), Interest::Read, 6));
    QVERIFY(!poller->hasUncovered());
    QVERIFY(!poller->add(deep.outermost(), Interest::Read, 7));
    QVERIFY(poller->hasUncovered());
}

void tst_NestedEpoll::canBeChangedAndRemoved()
{
    const Chain chain(TooDeep);
    const auto poller = makeEpoll();
    QVERIFY(!poller->add(chain.outermost(), Interest::Read, 7));
    QVERIFY(poller->add(chain.outermost(), Interest::Read, 7) == std::errc::file_exists);
    QVERIFY(!poller->modify(chain.outermost(), Interest::Read, 8));
    chain.write();
    QCOMPARE(look(*poller).count(8), 1u);
    QVERIFY(!poller->remove(chain.outermost()));
    QVERIFY(look(*poller).empty());
    QVERIFY(poller->remove(chain.outermost()) == std::errc::no_such_file_or_directory);
}

void tst_NestedEpoll::closedOneIsReported()
{
    Chain chain(TooDeep);
    const auto poller = makeEpoll();
    QVERIFY(!poller->add(chain.outermost(), Interest::Read, 7));
    chain.closeOutermost();
    const auto events = poller->wait({Immediately}, WaitFor::Everything).events;
    QCOMPARE(events.size(), 1u);
    QVERIFY(events.front().invalid);
}

void tst_NestedEpoll::isWokenBesideIt()
{
    const Watchdog watchdog;
    const Chain chain(TooDeep);
    const auto poller = makeEpoll();
    QVERIFY(!poller->add(chain.outermost(), Interest::Read, 7));
    for (int i = 0; i < 5; ++i)
        QVERIFY(isWokenFromAnotherThread(*poller));
}

void tst_NestedEpoll::notifierIsActivated()
{
    const Watchdog watchdog;
    QFETCH(int, depth);
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    const Application application(Poller::Epoll);
    const Chain chain(depth);
    QSocketNotifier notifier(chain.outermost(), QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] {
        ++activations;
        chain.drain();
    });
    QCoreApplication::processEvents();
    QCOMPARE(activations, 0);
    chain.write();
    processUntil([&] { return activations > 0; });
    QCoreApplication::processEvents();
    QCOMPARE(activations, 1);
}

QTEST_APPLESS_MAIN(tst_NestedEpoll)
#include "tst_nestedepoll.moc"
