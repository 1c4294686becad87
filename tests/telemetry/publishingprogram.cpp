// SPDX-License-Identifier: MIT
// A program on Flywheel that knows nothing of telemetry. Says "ready" and runs until its input ends, or with
// the argument "exit" leaves by exit(3), past the application object's destructor. With "hoard" it takes all
// descriptors before its loop begins.
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtimer.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#ifdef Q_OS_UNIX
#    include <sys/resource.h>
#    include <unistd.h>

static void takeAllDescriptors()
{
    const rlimit few{64, 64};
    ::setrlimit(RLIMIT_NOFILE, &few);
    while (::dup(0) >= 0)
        continue;
}
#endif

int main(int argc, char **argv)
{
    Flywheel::install();
    QCoreApplication application(argc, argv);
    const bool byExit = argc > 1 && std::string_view(argv[1]) == "exit";
#ifdef Q_OS_UNIX
    if (argc > 1 && std::string_view(argv[1]) == "hoard")
        takeAllDescriptors();
#endif
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
