// SPDX-License-Identifier: MIT
// A program on Flywheel that knows nothing of telemetry. Says "ready" and runs until its input ends, or with
// the argument "exit" leaves by exit(3), past the application object's destructor.
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtimer.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

int main(int argc, char **argv)
{
    Flywheel::install();
    QCoreApplication application(argc, argv);
    const bool byExit = argc > 1 && std::string_view(argv[1]) == "exit";
    const auto end = [byExit] {
        if (byExit)
            std::exit(0);
        QCoreApplication::quit();
    };
    // Standard input can't be waited for as a socket everywhere.
    std::thread input([&] {
        while (std::getchar() != EOF)
            continue;
        QMetaObject::invokeMethod(&application, end);
    });
    QTimer::singleShot(0, [] {
        std::puts("ready");
        std::fflush(stdout);
    });
    const int result = application.exec();
    input.join(); // it may be posting still
    return result;
}
