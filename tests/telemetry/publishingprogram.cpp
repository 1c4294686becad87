// SPDX-License-Identifier: MIT
// A program on Flywheel that knows nothing of telemetry. Says "ready" and runs until its input ends, or with
// the argument "exit" leaves by exit(3), past the application object's destructor.
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

int main(int argc, char **argv)
{
    Flywheel::install();
    QCoreApplication application(argc, argv);
    QSocketNotifier input(0, QSocketNotifier::Read);
    const bool byExit = argc > 1 && std::string_view(argv[1]) == "exit";
    QObject::connect(&input, &QSocketNotifier::activated, &application, [byExit] {
        if (byExit)
            std::exit(0);
        QCoreApplication::quit();
    });
    QTimer::singleShot(0, [] {
        std::puts("ready");
        std::fflush(stdout);
    });
    return application.exec();
}
