// SPDX-License-Identifier: MIT
#include "parityloop.h"

#include "poller/poller.h"

#include <flywheel/install.h>

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

namespace Flywheel::Test {

namespace {

constexpr Poller Stock = Poller::Auto; // never the kind of a dispatcher

Poller rowsPoller()
{
    QFETCH_GLOBAL(Poller, loop);
    return loop;
}

Application makeApplication()
{
    const Poller poller = rowsPoller();
    return poller == Stock ? Application::stock() : Application(poller);
}

} // namespace

void addLoopRows()
{
    QTest::addColumn<Poller>("loop");
    QTest::newRow("Qt") << Stock;
    for (const Poller poller : availablePollers())
        QTest::newRow(pollerName(poller)) << poller;
}

ParityLoop::ParityLoop() : m_application(makeApplication())
{
    const bool isStock = !qstrcmp(dispatcher()->metaObject()->className(), FLYWHEEL_TEST_QT_DISPATCHER);
    const bool isOurs = EventDispatcher::of() && EventDispatcher::of()->poller() == rowsPoller();
    if (!(rowsPoller() == Stock ? isStock : isOurs))
        qFatal("this row runs on %s", dispatcher()->metaObject()->className());
}

QAbstractEventDispatcher *ParityLoop::dispatcher()
{
    return QAbstractEventDispatcher::instance();
}

void ParityLoop::setUp(QThread &thread)
{
    if (rowsPoller() == Stock)
        return;
    Options options;
    options.poller = rowsPoller();
    install(thread, options);
}

void ParityLoop::runUntil(const std::function<bool()> &condition)
{
    QEventLoop loop;
    const auto look = [&] {
        if (condition())
            loop.quit();
    };
    QObject::connect(dispatcher(), &QAbstractEventDispatcher::awake, &loop, look);
    QObject::connect(dispatcher(), &QAbstractEventDispatcher::aboutToBlock, &loop, look);
    loop.exec();
}

Nanoseconds ParityLoop::mayBeEarly()
{
    return std::chrono::milliseconds(rowsPoller() == Stock ? FLYWHEEL_TEST_QT_EARLY_MS : 0);
}

bool ParityLoop::pass()
{
    return dispatcher()->processEvents(QEventLoop::AllEvents);
}

} // namespace Flywheel::Test
