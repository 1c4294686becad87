// SPDX-License-Identifier: MIT
// The program closes descriptors that are the poller's, or opens files under their numbers, while the loop
// sleeps and another thread wants to wake it: the wake-up arrives, and no foreign file is written to.
#include "support/application.h"
#include "support/child.h"
#include "support/pollerfixture.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_LostDescriptors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void sleepingLoopIsWoken_data();
    void sleepingLoopIsWoken();
    void standardDescriptorsStayFree();
    void idleLoopTakesTwo();
    void unusedPollerTakesNone();
};

namespace {

/// The numbers from 3 on that are in use.
std::vector<int> openDescriptors()
{
    std::vector<int> open;
    for (int fd = 3; fd < 256; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0)
            open.push_back(fd);
    }
    return open;
}

/// An empty file in place of each descriptor.
class ForeignFiles
{
public:
    explicit ForeignFiles(const std::vector<int> &numbers)
    {
        for (const int number : numbers) {
            std::array<char, 40> name{"/tmp/tst_lostdescriptors_XXXXXX"};
            const int file = ::mkstemp(name.data());
            ::unlink(name.data());
            ::dup2(file, number);
            ::close(file);
        }
        m_numbers = numbers;
    }
    bool areEmpty() const
    {
        return std::ranges::all_of(m_numbers, [](int file) { return ::lseek(file, 0, SEEK_END) == 0; });
    }

private:
    std::vector<int> m_numbers;
};

/// Makes a poller, lets another thread sleep in it, and wakes that after \a breakDescriptors.
bool isWokenAfter(Poller kind, WaitFor what,
                  const std::function<bool(const std::vector<int> &)> &breakDescriptors)
{
    const std::vector<int> before = openDescriptors();
    const std::unique_ptr<AbstractPoller> poller = createPoller(kind, steadyNow).poller;
    std::atomic<bool> awake{false};
    std::thread loop([&] {
        while (!poller->consumeWakeUp()) {
            if (poller->wait({}, what).error)
                poller->reset();
        }
        awake = true;
    });
    std::this_thread::sleep_for(50ms); // so that it sleeps
    std::vector<int> ours;
    std::ranges::set_difference(openDescriptors(), before, std::back_inserter(ours));
    const bool remained = breakDescriptors(ours);
    for (int i = 0; i < 100 && !awake; ++i) {
        poller->wakeUp(); // one is enough unless the loop did not sleep yet
        std::this_thread::sleep_for(10ms);
    }
    loop.join(); // hangs, and the child is killed, if it was not woken
    return remained;
}

} // namespace

void tst_LostDescriptors::sleepingLoopIsWoken_data()
{
    QTest::addColumn<WaitFor>("what");
    QTest::addColumn<bool>("reused");
    for (const bool reused : {false, true}) {
        const char *const how = reused ? "reused" : "closed";
        QTest::addRow("%s, everything", how) << WaitFor::Everything << reused;
        QTest::addRow("%s, wake-ups", how) << WaitFor::WakeUps << reused;
    }
}

void tst_LostDescriptors::sleepingLoopIsWoken()
{
    QFETCH_GLOBAL(Poller, poller);
    QFETCH(WaitFor, what);
    QFETCH(bool, reused);
    if (poller == Poller::Kqueue && reused)
        QSKIP("the shim of kqueues writes to a descriptor of its own, which a real kqueue has not");
    QVERIFY(succeedsInChild([&] {
        bool clean = true;
        std::unique_ptr<ForeignFiles> files;
        const bool woken = isWokenAfter(poller, what, [&](const std::vector<int> &numbers) {
            if (reused) {
                files = std::make_unique<ForeignFiles>(numbers);
            } else {
                for (const int number : numbers)
                    ::close(number);
            }
            return !numbers.empty();
        });
        if (files)
            clean = files->areEmpty();
        return woken && clean;
    }));
}

void tst_LostDescriptors::standardDescriptorsStayFree()
{
    QFETCH_GLOBAL(Poller, poller);
    QVERIFY(succeedsInChild([&] {
        for (int fd = 0; fd <= 2; ++fd)
            ::close(fd);
        const std::unique_ptr<AbstractPoller> made = createPoller(poller, steadyNow).poller;
        made->wait(within(1ms), WaitFor::Everything);
        made->wait(within(1ms), WaitFor::WakeUps);
        for (int fd = 0; fd <= 2; ++fd) {
            if (::fcntl(fd, F_GETFD) >= 0)
                return false;
        }
        return !openDescriptors().empty();
    }));
}

void tst_LostDescriptors::idleLoopTakesTwo()
{
    const std::size_t before = openDescriptors().size();
    const auto poller = makePoller();
    poller->wait(within(1ms), WaitFor::Everything);
    const std::size_t taken = openDescriptors().size() - before;
    QVERIFY2(taken <= 2, QByteArray::number(quint64(taken)).constData());
}

void tst_LostDescriptors::unusedPollerTakesNone()
{
    const std::size_t before = openDescriptors().size();
    const auto poller = makePoller();
    poller->wakeUp();
    poller->wait({Immediately}, WaitFor::Everything);
    QCOMPARE(openDescriptors().size(), before);
}

QTEST_APPLESS_MAIN(tst_LostDescriptors)
#include "tst_lostdescriptors.moc"
