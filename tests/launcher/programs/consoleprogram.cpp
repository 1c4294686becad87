// SPDX-License-Identifier: MIT
// A Qt console program that knows nothing of Flywheel; the first argument says what it does.
#include "owndispatcher.h"
#include "report.h"

#include <QtCore/qprocess.h>
#include <QtCore/qsemaphore.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <cstdlib>
#include <cstring>
#include <thread>

#include <unistd.h>

namespace {

/// Reports once a timer has fired in its own loop.
class LoopThread : public QThread
{
protected:
    void run() override
    {
        QTimer timer;
        QObject::connect(&timer, &QTimer::timeout, &timer, [this] {
            report("derived");
            quit();
        });
        timer.start(1);
        exec();
    }
};

void runQueued(QThread &thread, const char *name)
{
    QObject worker;
    worker.moveToThread(&thread);
    // Before the thread runs: Qt does not keep the dispatcher while it posts an event that ends the thread.
    QMetaObject::invokeMethod(&worker, [name] {
        report(name);
        QThread::currentThread()->quit();
    });
    thread.start();
    thread.wait();
}

int threads(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    report("main");
    QThread plain;
    plain.setObjectName(QStringLiteral("a named thread"));
    runQueued(plain, "plain");
    LoopThread derived;
    derived.start();
    derived.wait();
    const std::unique_ptr<QThread> created(QThread::create([] { report("created"); }));
    created->start();
    created->wait();
    QTimer::singleShot(1, &application, &QCoreApplication::quit);
    return application.exec();
}

int applications(int argc, char **argv)
{
    for (const char *name : {"first", "second", "third"}) {
        QCoreApplication application(argc, argv);
        report(name);
        QTimer::singleShot(1, &application, &QCoreApplication::quit);
        application.exec();
    }
    return EXIT_SUCCESS;
}

int ownDispatcher(int argc, char **argv)
{
    QCoreApplication::setEventDispatcher(new OwnDispatcher);
    QCoreApplication application(argc, argv);
    report("main");
    QThread thread;
    thread.setEventDispatcher(new OwnDispatcher);
    runQueued(thread, "thread");
    QMetaObject::invokeMethod(&application, &QCoreApplication::quit, Qt::QueuedConnection);
    return application.exec();
}

int standardThread(int argc, char **argv)
{
    int result = EXIT_FAILURE;
    std::thread thread([&] { result = threads(argc, argv); });
    thread.join();
    return result;
}

/// Qt takes the thread that uses it first for the main one.
int otherThread(int argc, char **argv)
{
    const QObject first;
    return standardThread(argc, argv);
}

/// Starts a thread again while it is still finishing, as slots of QThread::finished do.
int restart(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QThread thread;
    QSemaphore startingAgain;
    QObject::connect(
        &thread, &QThread::started, &thread, [&thread] { thread.quit(); }, Qt::DirectConnection);
    QObject::connect(&thread, &QThread::finished, &application, [&] {
        static int rounds = 0;
        startingAgain.release();
        if (++rounds == 20)
            application.quit();
        else
            thread.start();
    });
    QObject::connect(
        &thread, &QThread::finished, &thread,
        [&] {
            report("thread");
            startingAgain.acquire();
        },
        Qt::DirectConnection);
    thread.start();
    application.exec();
    thread.wait();
    return EXIT_SUCCESS;
}

int child(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    report("parent");
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.start(QCoreApplication::applicationFilePath(), {QStringLiteral("applications")});
    process.waitForFinished();
    return process.exitCode();
}

int elsewhere(int argc, char **argv)
{
    return chdir("/") == 0 ? applications(argc, argv) : EXIT_FAILURE;
}

int exitCode(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QTimer::singleShot(1, &application, [argv] { QCoreApplication::exit(std::atoi(argv[2])); });
    return application.exec();
}

int exitInLoop(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QTimer::singleShot(1, &application, [argv] { std::exit(std::atoi(argv[2])); });
    return application.exec();
}

int waitForSignal(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QTimer::singleShot(1, &application, [] { report("main"); });
    return application.exec();
}

struct Action
{
    const char *name;
    int (*run)(int argc, char **argv);
};

constexpr Action actions[] = {
    {"threads", threads},
    {"applications", applications},
    {"own-dispatcher", ownDispatcher},
    {"standard-thread", standardThread},
    {"other-thread", otherThread},
    {"restart", restart},
    {"child", child},
    {"elsewhere", elsewhere},
    {"exit", exitCode},
    {"exitinloop", exitInLoop},
    {"wait", waitForSignal},
};

} // namespace

int main(int argc, char **argv)
{
    for (const Action &action : actions) {
        if (argc > 1 && std::strcmp(argv[1], action.name) == 0)
            return action.run(argc, argv);
    }
    return EXIT_FAILURE;
}
