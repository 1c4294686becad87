// SPDX-License-Identifier: MIT
// A program that has libflywheel, but not libflywheelstacks.
#include "stacks/stacksampler.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>
#include <flywheel/metrics.h>

#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <thread>

using namespace Flywheel;
using namespace std::chrono_literals;

class WithoutStacksModuleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStallSaysHowToGetStacks();
    void framesAreToldByAddress();
};

void WithoutStacksModuleTest::aStallSaysHowToGetStacks()
{
    if (const std::string problem = stackSamplingProblem(); !problem.empty())
        QSKIP(problem.c_str());
    watchStalls();
    QEventLoop loop;
    QTimer::singleShot(0, &loop, [&] {
        std::this_thread::sleep_for(150ms);
        loop.quit();
    });
    loop.exec();
    unwatchStalls();
    const Stall stall = EventDispatcher::of()->snapshot().stalls.back();
    QVERIFY(stall.stacks.empty());
    QVERIFY2(stall.stackProblem.find("Install it beside libflywheel") != std::string::npos,
             stall.stackProblem.c_str());
    QVERIFY2(stall.stackProblem.find("libdw1") != std::string::npos, stall.stackProblem.c_str());
    QVERIFY(stall.watched > 50ms); // how it spent its time is known all the same
}

void WithoutStacksModuleTest::framesAreToldByAddress()
{
    const StackSample sample{.frames = {{.address = 0x1234, .module = 1, .offset = 0x34}}};
    const std::vector<std::string> lines = stackLines(sample, {{"/opt/app", "00ff"}});
    QCOMPARE(lines.size(), std::size_t(1));
    QVERIFY2(lines[0].starts_with("#0 0x1234 (app) (libflywheelstacks can't be loaded"), lines[0].c_str());
}

int main(int argc, char **argv)
{
    install();
    QCoreApplication application(argc, argv);
    WithoutStacksModuleTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_withoutstacksmodule.moc"
