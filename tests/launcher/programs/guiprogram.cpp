// SPDX-License-Identifier: MIT
// A Qt program with the application object that the first argument names, and a console application after it.
#include "report.h"

#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtWidgets/qapplication.h>

#include <memory>

namespace {

void runThread()
{
    const std::unique_ptr<QThread> thread(QThread::create([] { report("thread"); }));
    thread->start();
    thread->wait();
}

template <typename Application>
void run(int argc, char **argv, const char *name)
{
    Application application(argc, argv);
    report(name);
    runThread();
    QTimer::singleShot(1, &application, &QCoreApplication::quit);
    application.exec();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc > 1 && std::string_view(argv[1]) == "widgets")
        run<QApplication>(argc, argv, "widgets");
    else
        run<QGuiApplication>(argc, argv, "gui");
    run<QCoreApplication>(argc, argv, "console");
    return 0;
}
