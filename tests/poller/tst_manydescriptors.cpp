// SPDX-License-Identifier: MIT
#include "platform/uniquefd.h"
#include "support/application.h"
#include "support/descriptorlimit.h"
#include "support/pollerfixture.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include <sys/socket.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

constexpr rlim_t Count = 10'000;
constexpr rlim_t Spare = 100; // for everything else in the process

class tst_ManyDescriptors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }
    void initTestCase();
    void cleanupTestCase() { m_idle.clear(); }

    void fewAreReady();
    void allAreReady();
    void registeredAndRemovedAgain();

private:
    void addAll(AbstractPoller &poller, Interest interest)
    {
        for (std::size_t i = 0; i < m_idle.size(); ++i)
            QVERIFY(!poller.add(m_idle[i].get(), interest, i));
    }

    const DescriptorLimit m_limit{Count + Spare};
    /// Sockets that nobody writes to: writable, not readable. Each is a file of its own.
    std::vector<UniqueFd> m_idle;
};

void tst_ManyDescriptors::initTestCase()
{
    const rlim_t count = std::min(Count, m_limit.limit() - Spare); // as many as this system grants
    while (m_idle.size() < count) {
        m_idle.emplace_back(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        QVERIFY(bool(m_idle.back()));
    }
}

void tst_ManyDescriptors::fewAreReady()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    addAll(*poller, Interest::Read);
    QVERIFY(look(*poller).empty());
    std::set<std::uint64_t> expected;
    for (std::uint64_t i = 5; i < m_idle.size(); i += m_idle.size() / 9) {
        QVERIFY(!poller->modify(m_idle[i].get(), Interest::Write, i));
        expected.insert(i);
    }
    std::set<std::uint64_t> seen;
    for (const auto &[token, ready] : look(*poller)) {
        QVERIFY(ready == Interest::Write);
        seen.insert(token);
    }
    QVERIFY(seen == expected);
}

void tst_ManyDescriptors::allAreReady()
{
    // More than a buffer holds: nobody is left out for long.
    const Watchdog watchdog;
    const auto poller = makePoller();
    addAll(*poller, Interest::Write);
    std::set<std::uint64_t> seen;
    int looks = 0;
    for (; seen.size() < m_idle.size() && looks < 20; ++looks) {
        for (const auto &[token, ready] : look(*poller))
            seen.insert(token);
    }
    QCOMPARE(seen.size(), m_idle.size());
}

void tst_ManyDescriptors::registeredAndRemovedAgain()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    for (int round = 0; round < 3; ++round) {
        addAll(*poller, Interest::Write);
        for (std::size_t i = 0; i < m_idle.size(); ++i) // half from the front, half from the back
            QVERIFY(!poller->remove(m_idle[i % 2 ? m_idle.size() - i : i].get()));
        QVERIFY(look(*poller).empty());
    }
}

QTEST_APPLESS_MAIN(tst_ManyDescriptors)
#include "tst_manydescriptors.moc"
