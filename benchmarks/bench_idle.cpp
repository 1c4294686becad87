// SPDX-License-Identifier: MIT
// A loop that has timers and notifiers, but nothing to do: it must sleep.
#include "descriptors.h"
#include "must.h"
#include "scenario.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>

#include <sys/resource.h>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Flywheel::Bench {

namespace {

long sleepsOfThread()
{
    rusage usage = {};
    must(getrusage(RUSAGE_THREAD, &usage), "getrusage");
    return usage.ru_nvcsw;
}

void idleFor(std::chrono::milliseconds duration)
{
    QEventLoop loop;
    QTimer::singleShot(duration, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

/// The operation is a millisecond of idling.
Measurements idle(const Setting &setting)
{
    std::vector<std::unique_ptr<QTimer>> timers;
    std::vector<std::unique_ptr<QSocketNotifier>> notifiers;
    for (const int descriptor : idleSockets(setting.size)) {
        notifiers.push_back(std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read));
        timers.push_back(std::make_unique<QTimer>());
        timers.back()->start(1h);
    }
    // A loop on a kernel set looks after its registrations up to a second after it fell idle; then it sleeps.
    idleFor(1200ms);
    if (setting.operations) {
        idleFor(std::chrono::milliseconds(*setting.operations));
        return {};
    }
    const long before = sleepsOfThread();
    idleFor(std::max(10 * setting.budget, 100ms));
    // One sleep is what idling is; each further one was a wake-up for nothing.
    return {{u"wakeUps"_s, double(sleepsOfThread() - before - 1)}};
}

const RegisterScenario idleLoop({.name = "loop/idle",
                                 .measure = idle,
                                 .sizes = {100},
                                 .lanes = consoleLanes(),
                                 .systemCalls = Trace::MainThread});

} // namespace

} // namespace Flywheel::Bench
