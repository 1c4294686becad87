// SPDX-License-Identifier: MIT
// A module that brings Qt into a program that has none, as the modules of script languages do.
#include "report.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <memory>

extern "C" Q_DECL_EXPORT int runModule(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    report("main");
    const std::unique_ptr<QThread> thread(QThread::create([] { report("thread"); }));
    thread->start();
    thread->wait();
    QTimer::singleShot(1, &application, &QCoreApplication::quit);
    return application.exec();
}
