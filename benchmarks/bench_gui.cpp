// SPDX-License-Identifier: MIT
// A program with a GUI, that is, with a shown window: what an event costs the thread that all of its handlers
// run in, and whether the period of a timer is kept. On two platforms: offscreen, which has no window system,
// and xcb, whose connection is one descriptor more to wait for.
#include "descriptors.h"
#include "hopcounter.h"
#include "metronome.h"
#include "must.h"
#include "scenario.h"
#include "turns.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>
#include <QtGui/qrasterwindow.h>

#include <fcntl.h>
#include <unistd.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Flywheel::Bench {

namespace {

/// A window that has been painted and then left alone until its window manager is done with it.
class ShownWindow
{
public:
    explicit ShownWindow(const Setting &setting)
    {
        m_window.resize(320, 200);
        m_window.show();
        const QDeadlineTimer patience(10s);
        while (!m_window.isExposed()) {
            if (patience.hasExpired())
                qFatal("the window is not shown");
            runLoopFor(10ms);
        }
        runLoopFor(setting.budget);
    }

private:
    static void runLoopFor(std::chrono::milliseconds duration)
    {
        QEventLoop loop;
        QTimer::singleShot(duration, &loop, &QEventLoop::quit);
        loop.exec();
    }

    QRasterWindow m_window;
};

std::pair<int, int> pipeEnds()
{
    int ends[2];
    must(pipe2(ends, O_NONBLOCK | O_CLOEXEC), "pipe2");
    return {ends[0], ends[1]};
}

Measurements turn(const Setting &setting)
{
    const ShownWindow window(setting);
    Turner turner;
    return measureOperations(setting, [&](qint64 turns) { turner.run(turns); });
}

Measurements zeroTimer(const Setting &setting)
{
    const ShownWindow window(setting);
    const FarTimers others(setting.size);
    ZeroTimer timer;
    return measureOperations(setting, [&](qint64 ticks) { timer.run(ticks); });
}

/// A zero timer whose handler starts another timer again, as programs do that wait until something has been
/// quiet for a while.
class RestartingZeroTimer : public ZeroTimer
{
protected:
    void timerEvent(QTimerEvent *event) override
    {
        m_other.start(10s);
        ZeroTimer::timerEvent(event);
    }

private:
    QTimer m_other;
};

Measurements restart(const Setting &setting)
{
    const ShownWindow window(setting);
    RestartingZeroTimer timer;
    return measureOperations(setting, [&](qint64 ticks) { timer.run(ticks); });
}

Measurements pipeHop(const Setting &setting)
{
    const ShownWindow window(setting);
    reserveDescriptors(2 * setting.size);
    std::vector<std::unique_ptr<QSocketNotifier>> idle;
    idle.reserve(std::size_t(setting.size));
    for (int i = 0; i < setting.size; ++i)
        idle.push_back(std::make_unique<QSocketNotifier>(pipeEnds().first, QSocketNotifier::Read));
    HopCounter counter(pipeEnds());
    return measureOperations(setting, [&](qint64 hops) { counter.run(hops); });
}

Measurements period(const Setting &setting)
{
    const ShownWindow window(setting);
    return measurePeriod(setting);
}

QString displayObstacle()
{
    return qEnvironmentVariableIsEmpty("DISPLAY") ? u"no X display (tests/gui/with-display.sh starts one)"_s
                                                  : QString();
}

/// Both names, because a scenario's one is a literal.
class RegisterBoth
{
public:
    RegisterBoth(const Scenario &offscreen, const char *xcbName)
        : m_offscreen(offscreen)
        , m_xcb(onXcb(offscreen, xcbName))
    {
    }

private:
    static Scenario onXcb(Scenario scenario, const char *name)
    {
        scenario.name = name;
        scenario.platform = "xcb";
        scenario.obstacle = displayObstacle;
        return scenario;
    }

    RegisterScenario m_offscreen;
    RegisterScenario m_xcb;
};

// Instructions are not counted: a busy hosted loop asks its host after a number of passes or a time,
// whichever comes first, and under valgrind's slowness it is always the time.
const RegisterBoth guiTurn({.name = "gui-offscreen/turn",
                            .measure = turn,
                            .sizes = {1},
                            .lanes = guiLanes(),
                            .systemCalls = Trace::MainThread},
                           "gui-xcb/turn");
const RegisterBoth guiZeroTimer({.name = "gui-offscreen/zero-timer",
                                 .measure = zeroTimer,
                                 .sizes = {0, 10'000},
                                 .lanes = guiLanes(),
                                 .systemCalls = Trace::MainThread,
                                 .largestCounted = 0},
                                "gui-xcb/zero-timer");
const RegisterBoth
    guiRestart({.name = "gui-offscreen/restart", .measure = restart, .sizes = {1}, .lanes = guiLanes()},
               "gui-xcb/restart");
const RegisterBoth
    guiPipeHop({.name = "gui-offscreen/pipe-hop", .measure = pipeHop, .sizes = {0, 100}, .lanes = guiLanes()},
               "gui-xcb/pipe-hop");
const RegisterBoth
    guiPeriod({.name = "gui-offscreen/period-ms", .measure = period, .sizes = {1}, .lanes = guiLanes()},
              "gui-xcb/period-ms");

} // namespace

} // namespace Flywheel::Bench
