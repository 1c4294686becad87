// SPDX-License-Identifier: MIT
// A Qt program that knows nothing of Flywheel, and that hangs for a moment: "console" in its main thread,
// "thread" in a QThread, "widgets" in a slot of a window, "asleep" in a system call.
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtWidgets/qapplication.h>
#include <QtWidgets/qpushbutton.h>

#include <chrono>
#include <memory>
#include <string_view>

#include <time.h>

namespace {

using namespace std::chrono_literals;

class Importer : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    Q_SLOT void import() { readEverything(400ms); }
    Q_SLOT void waitForServer()
    {
        timespec time{0, 400'000'000};
        ::nanosleep(&time, nullptr);
    }

private:
    __attribute__((noinline)) void readEverything(std::chrono::milliseconds duration)
    {
        const auto end = std::chrono::steady_clock::now() + duration;
        while (std::chrono::steady_clock::now() < end)
            m_records = m_records + 1;
    }

    volatile int m_records = 0;
};

void importIn(QThread &thread)
{
    auto *const importer = new Importer;
    importer->setObjectName(QStringLiteral("nightly"));
    importer->moveToThread(&thread);
    QObject::connect(&thread, &QThread::finished, importer, &QObject::deleteLater);
    thread.setObjectName(QStringLiteral("worker"));
    thread.start();
    QMetaObject::invokeMethod(importer, &Importer::import);
}

int runWidgets(int argc, char **argv)
{
    QApplication application(argc, argv);
    Importer importer;
    QPushButton button(QStringLiteral("Import"));
    QObject::connect(&button, &QPushButton::clicked, &importer, &Importer::import);
    button.show();
    QTimer::singleShot(200, &button, &QPushButton::click);
    QTimer::singleShot(1000, &application, &QCoreApplication::quit);
    return QApplication::exec();
}

int runConsole(int argc, char **argv, std::string_view what)
{
    QCoreApplication application(argc, argv);
    QThread thread;
    Importer importer;
    if (what == "thread")
        importIn(thread);
    else if (what == "asleep")
        QTimer::singleShot(100, &importer, &Importer::waitForServer);
    else
        QTimer::singleShot(100, &importer, &Importer::import);
    QTimer::singleShot(800, &application, &QCoreApplication::quit);
    const int result = QCoreApplication::exec();
    thread.quit();
    thread.wait();
    return result;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view what = argc > 1 ? argv[1] : "console";
    return what == "widgets" ? runWidgets(argc, argv) : runConsole(argc, argv, what);
}

#include "stallingprogram.moc"
