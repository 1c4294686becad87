// SPDX-License-Identifier: MIT
#include "guisession.h"

#include <QtCore/qlogging.h>

namespace {

std::unique_ptr<QApplication> makeApplication(const Flywheel::Options &options, int &argc, char **argv)
{
    if (!GuiSession::isStock() && !Flywheel::install(options))
        qFatal("the dispatcher could not be installed");
    auto application = std::make_unique<QApplication>(argc, argv);
    const auto *ours = Flywheel::EventDispatcher::of();
    if (GuiSession::isStock() ? ours != nullptr : !ours || ours->mode() != Flywheel::Mode::Hosted)
        qFatal("the application does not run on the dispatcher that this run is for");
    return application;
}

} // namespace

GuiSession::GuiSession(const Flywheel::Options &options)
    : m_application(makeApplication(options, m_argc, m_argv))
{
}

bool GuiSession::isStock()
{
    const QByteArray dispatcher = qgetenv("FLYWHEEL_TEST_DISPATCHER");
    if (dispatcher != "stock" && dispatcher != "flywheel")
        qFatal("FLYWHEEL_TEST_DISPATCHER must be stock or flywheel");
    return dispatcher == "stock";
}
