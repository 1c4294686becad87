// SPDX-License-Identifier: MIT
#include "support/application.h"

#include "poller/poller.h"

#include <QtTest/qtest.h>

namespace Flywheel::Test {

namespace {

int s_argumentCount = 1;
char s_name[] = "test";
char *s_arguments[] = {s_name, nullptr};

EventDispatcher *dispatcherOn(Poller poller)
{
    Options options;
    options.poller = poller;
    return new EventDispatcher(options); // the application object takes it over
}

int &argumentsAfterInstalling(EventDispatcher *dispatcher)
{
    if (dispatcher)
        QCoreApplication::setEventDispatcher(dispatcher);
    return s_argumentCount;
}

} // namespace

void addPollerRows()
{
    QTest::addColumn<Poller>("poller");
    for (const Poller poller : availablePollers())
        QTest::newRow(pollerName(poller)) << poller;
}

Application::Application(Poller poller) : Application(dispatcherOn(poller)) {}

Application::Application(EventDispatcher *dispatcher)
    : m_application(argumentsAfterInstalling(dispatcher), s_arguments)
{
}

void processUntil(const std::function<bool()> &condition)
{
    while (!condition())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

} // namespace Flywheel::Test
