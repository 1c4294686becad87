// SPDX-License-Identifier: MIT
// What the metrics cost: the same work in one process, alternately with them and without.
#include "descriptors.h"
#include "scenario.h"
#include "stopwatch.h"

#include <flywheel/eventdispatcher.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <memory>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

using Run = std::function<void(qint64)>;

constexpr int blocks = 40;

/// The shortest of many short blocks of each kind: what others do on the machine only makes blocks longer.
Measurements compare(const Setting &setting, const std::vector<EventDispatcher *> &loops, const Run &run)
{
    const auto switchTo = [&](bool on) {
        for (EventDispatcher *loop : loops)
            loop->setMetricsEnabled(on);
    };
    const auto timed = [&](qint64 operations) {
        const Stopwatch stopwatch;
        run(operations);
        return double(stopwatch.wall().count()) / double(operations);
    };
    switchTo(true);
    qint64 operations = 64;
    while (timed(operations) * double(operations) <
           double(std::chrono::nanoseconds(setting.budget).count()) / (2 * blocks))
        operations *= 2;
    double on = std::numeric_limits<double>::max();
    double off = on;
    for (int block = 0; block < blocks; ++block) {
        switchTo(true);
        on = std::min(on, timed(operations));
        switchTo(false);
        off = std::min(off, timed(operations));
    }
    return {{u"onNs"_s, on}, {u"offNs"_s, off}, {u"costNs"_s, on - off}, {u"costShare"_s, (on - off) / off}};
}

/// For counting: operations with metrics on.
Measurements measure(const Setting &setting, const Run &run, const std::vector<EventDispatcher *> &loops)
{
    if (!setting.operations)
        return compare(setting, loops, run);
    for (EventDispatcher *loop : loops)
        loop->setMetricsEnabled(true);
    return measureOperations(setting, run);
}

class Turner : public QObject
{
public:
    void run(qint64 turns)
    {
        m_left = turns;
        post();
        m_loop.exec();
    }

protected:
    void customEvent(QEvent *) override
    {
        if (--m_left > 0)
            post();
        else
            m_loop.quit();
    }

private:
    void post() { QCoreApplication::postEvent(this, new QEvent(QEvent::User)); }

    QEventLoop m_loop;
    qint64 m_left = 0;
};

class ZeroTimer : public QObject
{
public:
    ZeroTimer() { startTimer(0); }
    void run(qint64 ticks)
    {
        m_left = ticks;
        m_loop.exec();
    }

protected:
    void timerEvent(QTimerEvent *) override
    {
        if (--m_left == 0)
            m_loop.quit();
    }

private:
    QEventLoop m_loop;
    qint64 m_left = 0;
};

/// A byte that goes from one end of a socket to the other and back, each hop a wait of the loop.
class SocketHop
{
public:
    SocketHop()
    {
        const auto ends = socketPair();
        m_ends = {ends.first, ends.second};
        for (std::size_t i = 0; i < 2; ++i) {
            m_notifiers[i] = std::make_unique<QSocketNotifier>(m_ends[i], QSocketNotifier::Read);
            QObject::connect(m_notifiers[i].get(), &QSocketNotifier::activated, &m_loop,
                             [this, i] { pass(i); });
        }
    }
    void run(qint64 hops)
    {
        m_left = hops;
        writeByte(m_ends[1]);
        m_loop.exec();
    }

private:
    void pass(std::size_t end)
    {
        readByte(m_ends[end]);
        if (--m_left > 0)
            writeByte(m_ends[end]);
        else
            m_loop.quit();
    }

    std::array<int, 2> m_ends{};
    std::array<std::unique_ptr<QSocketNotifier>, 2> m_notifiers;
    QEventLoop m_loop;
    qint64 m_left = 0;
};

class Echo : public QObject
{
public:
    explicit Echo(QObject *answerTo) : m_answerTo(answerTo) {}

protected:
    void customEvent(QEvent *) override { QCoreApplication::postEvent(m_answerTo, new QEvent(QEvent::User)); }

private:
    QObject *m_answerTo;
};

/// An event that goes to another thread and comes back.
class ThreadHop : public QObject
{
public:
    explicit ThreadHop(Lane lane) : m_echo(this)
    {
        m_echo.moveToThread(&m_thread);
        installForThread(lane, m_thread);
        m_thread.start();
    }
    ~ThreadHop() override
    {
        m_thread.quit();
        m_thread.wait();
    }
    EventDispatcher *loop() { return EventDispatcher::of(&m_thread); }
    void run(qint64 hops)
    {
        m_left = hops;
        customEvent(nullptr);
        m_loop.exec();
    }

protected:
    void customEvent(QEvent *) override
    {
        m_left -= 2;
        if (m_left >= 0)
            QCoreApplication::postEvent(&m_echo, new QEvent(QEvent::User));
        else
            m_loop.quit();
    }

private:
    QThread m_thread;
    Echo m_echo;
    QEventLoop m_loop;
    qint64 m_left = 0;
};

template <typename Work>
Measurements costOf(const Setting &setting)
{
    Work work;
    return measure(setting, [&](qint64 count) { work.run(count); }, {EventDispatcher::of()});
}

Measurements costOfThreadHop(const Setting &setting)
{
    ThreadHop hop(setting.lane);
    return measure(setting, [&](qint64 count) { hop.run(count); }, {EventDispatcher::of(), hop.loop()});
}

const RegisterScenario turnCost({.name = "metrics/turn",
                                 .measure = costOf<Turner>,
                                 .sizes = {1},
                                 .lanes = {Lane::Epoll},
                                 .instructions = true});
const RegisterScenario zeroTimerCost({.name = "metrics/zero-timer",
                                      .measure = costOf<ZeroTimer>,
                                      .sizes = {1},
                                      .lanes = {Lane::Epoll},
                                      .instructions = true});
const RegisterScenario socketHopCost({.name = "metrics/socket-hop",
                                      .measure = costOf<SocketHop>,
                                      .sizes = {1},
                                      .lanes = {Lane::Epoll},
                                      .instructions = true});
const RegisterScenario threadHopCost(
    {.name = "metrics/thread-hop", .measure = costOfThreadHop, .sizes = {2}, .lanes = {Lane::Epoll}});

} // namespace

} // namespace Flywheel::Bench
