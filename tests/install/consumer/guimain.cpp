// SPDX-License-Identifier: MIT
#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qtimer.h>
#include <QtGui/qguiapplication.h>

int main(int argc, char **argv)
{
    if (!Flywheel::install())
        return 1;
    QGuiApplication app(argc, argv);
    QTimer::singleShot(1, &app, &QCoreApplication::quit);
    app.exec();
    const auto *dispatcher = Flywheel::EventDispatcher::of();
    return dispatcher && dispatcher->mode() == Flywheel::Mode::Hosted ? 0 : 2;
}
