// SPDX-License-Identifier: MIT
// A loop that has timers and notifiers, but nothing to do: it must sleep.
#include "counting.h"
#include "descriptors.h"
#include "scenario.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qfile.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Flywheel::Bench {

namespace {

// A loop on a kernel set looks after its registrations up to a second after its last handler; then it sleeps.
constexpr auto settling = 1200ms;

/// How often \a thread of this process has gone to sleep. Any thread may ask.
qint64 sleepsOf(pid_t thread)
{
    constexpr auto label = "voluntary_ctxt_switches:"_L1;
    QFile status(u"/proc/self/task/%1/status"_s.arg(thread));
    if (!status.open(QIODevice::ReadOnly))
        qFatal("%s: %s", qPrintable(status.fileName()), qPrintable(status.errorString()));
    for (QByteArray line = status.readLine(); !line.isEmpty(); line = status.readLine()) {
        if (QLatin1StringView(line).startsWith(label))
            return line.mid(label.size()).trimmed().toLongLong();
    }
    qFatal("%s has no %s", qPrintable(status.fileName()), label.data());
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
    if (setting.operations) {
        runCounted([&] { idleFor(settling + std::chrono::milliseconds(*setting.operations)); });
        return {};
    }
    const pid_t thread = gettid();
    qint64 before = 0;
    // The loop must not run a handler for this, after which it would have to settle again.
    std::thread observer([&] {
        std::this_thread::sleep_for(settling);
        before = sleepsOf(thread);
    });
    idleFor(settling + std::max(5 * setting.budget, 100ms));
    const qint64 after = sleepsOf(thread);
    observer.join();
    return {{u"wakeUps"_s, double(after - before)}};
}

const RegisterScenario idleLoop({.name = "loop/idle",
                                 .measure = idle,
                                 .sizes = {100},
                                 .systemCalls = Trace::MainThread,
                                 .countedOperations = 1000,
                                 .startsWithMore = true});

} // namespace

} // namespace Flywheel::Bench
