// SPDX-License-Identifier: MIT
#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>
#include <flywheel/telemetry.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>

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
    int calls = 0;
    Flywheel::post(&app, [&] { ++calls; });
    Flywheel::post(Flywheel::Loop::current(), [&] { ++calls; });
    Flywheel::clearTimeout(Flywheel::setInterval(std::chrono::hours(1), &app, [] {}));
    Flywheel::setTimeout(std::chrono::milliseconds(1), &app, [] { QCoreApplication::quit(); });
    app.exec();
    if (calls != 2)
        return 4;
    return Flywheel::EventDispatcher::of() ? 0 : 3;
}
