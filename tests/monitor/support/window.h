// SPDX-License-Identifier: MIT
#pragma once

#include "mainwindow.h"
#include "monitor/support/watched.h"

#include <QtTest/qtest.h>
#include <QtWidgets/qdockwidget.h>

namespace Flywheel::Monitor::Test {

inline std::unique_ptr<MainWindow> makeWindow(Session &session, QSize size = {1280, 720})
{
    auto window = std::make_unique<MainWindow>(session, MainWindow::Memory::None);
    window->resize(size);
    window->show();
    return window;
}

inline Telemetry::LoopFrame worker(std::chrono::nanoseconds at, std::chrono::nanoseconds busy)
{
    Telemetry::LoopFrame loop = busyLoop(at, busy, 10);
    loop.loopId = 2;
    loop.threadName = "worker";
    return loop;
}

inline QDockWidget *dock(const MainWindow &window, const char *name)
{
    return window.findChild<QDockWidget *>(QString::fromLatin1(name));
}

/// Rows for sizes of the window.
inline void addWindowSizes()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("small") << QSize(800, 600);
    QTest::newRow("usual") << QSize(1000, 700);
}

} // namespace Flywheel::Monitor::Test
