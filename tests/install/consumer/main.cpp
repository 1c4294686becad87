// SPDX-License-Identifier: MIT
#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>
#include <flywheel/telemetry.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

int main(int argc, char **argv)
{
    if (!Flywheel::install())
        return 1;
    QCoreApplication app(argc, argv);
    QThread thread;
    if (!Flywheel::install(thread))
        return 2;
    thread.start();
    thread.quit();
    thread.wait();
    Flywheel::stopTelemetry();
    QTimer::singleShot(1, &app, &QCoreApplication::quit);
    app.exec();
    return Flywheel::EventDispatcher::of() ? 0 : 3;
}
