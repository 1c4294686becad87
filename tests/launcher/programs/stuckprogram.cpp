// SPDX-License-Identifier: MIT
// A Qt program that knows nothing of Flywheel, and that ends badly in a handler or never leaves it. The first
// argument says how. It prints a line when it has got there.
#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <signal.h>
#include <unistd.h>

class Harmless : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    void begin() { m_timer.start(1); }
    Q_INVOKABLE void hear() {}

private:
    QTimer m_timer{this};
};

class Culprit : public QObject
{
    Q_OBJECT

public:
    Culprit(const char *deed, QObject *parent) : QObject(parent), m_deed(deed) {}

    Q_INVOKABLE void act()
    {
        std::puts("acts");
        std::fflush(stdout);
        if (std::strcmp(m_deed, "abort") == 0)
            std::abort();
        if (std::strcmp(m_deed, "kill") == 0)
            ::raise(SIGKILL);
        if (std::strcmp(m_deed, "fault") == 0)
            *static_cast<volatile int *>(nullptr) = 0; // NOLINT(clang-analyzer-core.NullDereference): wanted
        if (std::strcmp(m_deed, "_exit") == 0)
            ::_exit(3);
        if (std::strcmp(m_deed, "exit") == 0)
            std::exit(3);
        if (std::strcmp(m_deed, "end") == 0)
            QCoreApplication::quit();
        if (std::strcmp(m_deed, "hang") == 0) {
            for (;;)
                ::pause();
        }
    }

private:
    const char *const m_deed;
};

int main(int argc, char **argv)
{
    if (argc < 2)
        return EXIT_FAILURE;
    QCoreApplication application(argc, argv);
    QThread thread;
    thread.setObjectName(QStringLiteral("busy worker"));
    thread.start();
    auto *const worker = new Harmless;
    worker->setObjectName(QStringLiteral("in the worker"));
    worker->moveToThread(&thread);
    QMetaObject::invokeMethod(worker, &Harmless::begin);

    Harmless harmless;
    harmless.setObjectName(QStringLiteral("ticker"));
    harmless.begin();
    Culprit culprit(argv[1], &application);
    culprit.setObjectName(QStringLiteral("the culprit"));
    QTimer::singleShot(50, &culprit,
                       [&] { QMetaObject::invokeMethod(&culprit, &Culprit::act, Qt::QueuedConnection); });
    const int result = application.exec();
    QMetaObject::invokeMethod(worker, &QObject::deleteLater);
    thread.quit();
    thread.wait();
    return result;
}

#include "stuckprogram.moc"
