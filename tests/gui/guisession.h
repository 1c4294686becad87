// SPDX-License-Identifier: MIT
#pragma once

#include "support/watchdog.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qeventloop.h>
#include <QtWidgets/qapplication.h>

#include <memory>

/// An application, and a watchdog over it. FLYWHEEL_TEST_DISPATCHER in the environment says whose dispatcher
/// serves it: "stock" or "flywheel"; each test program is run with both. Each test function has an
/// application of its own, so all but the first also test an application after an application.
class GuiSession
{
public:
    explicit GuiSession(const Flywheel::Options &options = {});

    /// Sleeps in the dispatcher until finished() is called by a handler. Nothing polls: a wake-up that is
    /// lost is a hang, and the watchdog's.
    void run() { m_loop.exec(); }
    void finished() { m_loop.quit(); }

    static bool isStock();
    static bool isXcb() { return QGuiApplication::platformName() == QLatin1String("xcb"); }

private:
    Flywheel::Test::Watchdog m_watchdog;
    int m_argc = 1;
    char m_name[8] = "guitest";
    char *m_argv[2] = {m_name, nullptr};
    std::unique_ptr<QApplication> m_application;
    QEventLoop m_loop;
};
