// SPDX-License-Identifier: MIT
// A program on Qt's own dispatchers that somebody attaches to: a timer in the main thread and one in a
// QThread. Prints "ready", and ends when its standard input is closed. With "busy" the main thread never
// waits, with "hung" it sits in one slot, with "allocating" two more threads take and free memory all the
// time, with "signals" a signal comes each half millisecond.
#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include <unistd.h>

using namespace std::chrono_literals;

namespace {

/// Memory of all sizes, some of which every thread's arena has to ask another's for.
void allocate(const std::atomic<bool> &ends)
{
    std::vector<std::unique_ptr<char[]>> blocks(64);
    for (std::size_t round = 0; !ends; ++round)
        blocks[round % blocks.size()] = std::make_unique<char[]>(round * 7919 % 200'000 + 1);
}

/// Of a kind at which debuggers stop.
void sendSignals(const std::atomic<bool> &ends)
{
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGUSR1, &action, nullptr);
    while (!ends) {
        ::kill(::getpid(), SIGUSR1);
        std::this_thread::sleep_for(500us);
    }
}

void start(QTimer &timer, std::chrono::milliseconds interval)
{
    timer.callOnTimeout([] {});
    timer.start(interval);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const std::string_view mode = argc > 1 ? argv[1] : "";
    QTimer ticks;
    start(ticks, mode == "busy" ? 0ms : 10ms);
    if (mode == "hung")
        QTimer::singleShot(100ms, [] { std::this_thread::sleep_for(20s); });

    QThread worker;
    worker.setObjectName(QStringLiteral("worker"));
    auto *const workerTicks = new QTimer;
    workerTicks->moveToThread(&worker);
    QObject::connect(&worker, &QThread::started, workerTicks, [workerTicks] { start(*workerTicks, 10ms); });
    QObject::connect(&worker, &QThread::finished, workerTicks, &QObject::deleteLater);
    worker.start();

    std::atomic<bool> ends{false};
    std::vector<std::thread> others;
    for (int i = 0; mode == "allocating" && i < 2; ++i)
        others.emplace_back([&] { allocate(ends); });
    if (mode == "signals")
        others.emplace_back([&] { sendSignals(ends); });

    std::thread input([&] {
        while (std::getchar() != EOF)
            continue;
        QMetaObject::invokeMethod(&application, [] { QCoreApplication::quit(); });
    });
    QTimer::singleShot(200ms, [] {
        std::puts("ready");
        std::fflush(stdout);
    });
    const int result = application.exec();
    input.join();
    ends = true;
    for (std::thread &other : others)
        other.join();
    worker.quit();
    worker.wait();
    return result;
}
