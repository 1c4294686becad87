// SPDX-License-Identifier: MIT
// A program on Flywheel that knows nothing of telemetry and forks without exec, in the way that its first
// argument says. Each process makes a file named after its id in the second one, a folder, when its loop
// runs, and ends when that file is removed.
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qfile.h>
#include <QtCore/qstring.h>
#include <QtCore/qtimer.h>

#include <string_view>

#include <unistd.h>

namespace {

QString s_folder;

/// Runs a loop until the file is removed.
void run()
{
    const QString path = s_folder + QLatin1Char('/') + QString::number(::getpid());
    QEventLoop loop;
    QTimer ticks;
    QObject::connect(&ticks, &QTimer::timeout, &loop, [&] {
        if (!QFile::exists(path))
            loop.quit();
    });
    ticks.start(20);
    QTimer::singleShot(60'000, &loop, &QEventLoop::quit);
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        loop.exec();
}

/// The parent of a daemon leaves without a word.
void becomeDaemon()
{
    if (::fork() != 0)
        ::_exit(0);
    ::setsid();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    const std::string_view mode = argv[1];
    s_folder = QString::fromLocal8Bit(argv[2]);
    if (mode == "daemon")
        becomeDaemon();
    if (mode == "forkbefore")
        ::fork();
    Flywheel::install();
    QCoreApplication application(argc, argv);
    if (mode == "latedaemon")
        becomeDaemon();
    if (mode == "latefork")
        ::fork();
    if (mode == "forkinhandler") {
        QTimer::singleShot(50, &application, [] {
            if (::fork() == 0) {
                run();
                ::_exit(0);
            }
        });
    }
    run();
    return 0;
}
