// SPDX-License-Identifier: MIT
// The stack of the selected stall.
#include "chartgrid.h"
#include "loopsview.h"
#include "monitor/support/watched.h"
#include "monitor/support/window.h"
#include "stackview.h"
#include "tablesview.h"
#include "tableview.h"
#include "treeview.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qheaderview.h>

#include <dlfcn.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// A function that the monitor finds in the file of this test.
extern "C" __attribute__((visibility("default"), noinline)) int flywheelGuiltyFunction(int number)
{
    return number * number + 1;
}

namespace {

StackFrame frameOf(const void *function)
{
    Dl_info info{};
    if (::dladdr(function, &info) == 0)
        qFatal("dladdr failed");
    const auto address = reinterpret_cast<std::uint64_t>(function);
    return {
        .address = address, .module = 1, .offset = address - reinterpret_cast<std::uint64_t>(info.dli_fbase)};
}

Stall stallWithStack(std::uint64_t number, std::chrono::nanoseconds began)
{
    Stall stall;
    stall.number = number;
    stall.beganMonotonic = began;
    stall.duration = 120ms;
    stall.className = "Importer";
    stall.modules = {{QCoreApplication::applicationFilePath().toStdString(), {}}};
    stall.stacks.resize(1);
    stall.stacks[0].count = 3;
    stall.stacks[0].systemCall = "read\x1b[31m";
    stall.stacks[0].frames = {frameOf(reinterpret_cast<const void *>(&flywheelGuiltyFunction))};
    stall.watched = 100ms;
    stall.processorTime = 2ms;
    return stall;
}

} // namespace

class StackViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheStackOfTheSelectedStall();
    void saysWhyThereIsNone();
    void isHiddenForAStallThatNobodyWatched();
    void doubleClickAsksForTheSource();
    void culpritsShowStacksToo();
};

void StackViewTest::showsTheStackOfTheSelectedStall()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    loop.stalls = {stallWithStack(1, 99800ms)};
    loop.stallCount = 1;
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    const StackView *const stack = window->tables()->stack();
    QVERIFY(stack->isHidden());
    window->tables()->selectStallAt(99800ms);
    QVERIFY(!stack->isHidden());
    QTRY_VERIFY2(stack->toPlainText().contains(QStringLiteral("flywheelGuiltyFunction")),
                 qPrintable(stack->toPlainText()));
    const QString text = stack->toPlainText();
    QVERIFY2(text.startsWith(QStringLiteral("Of 100 ms watched it ran 2.00 ms and slept 98.0 ms.")),
             qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("It slept in read")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("(seen 3 times):")), qPrintable(text));
    QVERIFY(!text.contains(QLatin1Char('\x1b')));
    QVERIFY2(text.contains(QStringLiteral("tst_stackview.cpp:")), qPrintable(text));
    window->tables()->view(TablesView::Stalls)->clearSelection();
    QVERIFY(stack->isHidden());
}

void StackViewTest::saysWhyThereIsNone()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    Stall stall = stallWithStack(1, 99800ms);
    stall.stacks.clear();
    stall.stackProblem = "the thread blocks signals";
    loop.stalls = {stall};
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    window->tables()->selectStallAt(99800ms);
    const QString text = window->tables()->stack()->toPlainText();
    QVERIFY2(text.contains(QStringLiteral("No stack: the thread blocks signals")), qPrintable(text));
}

void StackViewTest::isHiddenForAStallThatNobodyWatched()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    Stall stall;
    stall.number = 1;
    stall.beganMonotonic = 99800ms;
    stall.duration = 120ms;
    loop.stalls = {stall};
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    window->tables()->selectStallAt(99800ms);
    QVERIFY(window->tables()->stack()->isHidden());
}

void StackViewTest::doubleClickAsksForTheSource()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    loop.stalls = {stallWithStack(1, 99800ms)};
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    window->tables()->selectStallAt(99800ms);
    StackView *const stack = window->tables()->stack();
    QTRY_VERIFY(stack->toPlainText().contains(QStringLiteral("tst_stackview.cpp:")));
    QSignalSpy asked(stack, &StackView::sourceRequested);
    stack->disconnect(window->tables()); // no editor is to start
    QTextCursor cursor(stack->document()->find(QStringLiteral("flywheelGuiltyFunction")));
    stack->setTextCursor(cursor);
    QTest::mouseDClick(stack->viewport(), Qt::LeftButton, {}, stack->cursorRect().center());
    QCOMPARE(asked.count(), 1);
    QVERIFY(asked[0][0].toString().endsWith(QStringLiteral("/tst_stackview.cpp")));
    QVERIFY(asked[0][1].toInt() > 1);
    stack->setTextCursor(cursor);
    QTest::keyClick(stack, Qt::Key_Return);
    QCOMPARE(asked.count(), 2);
    cursor.movePosition(QTextCursor::Start); // no call
    stack->setTextCursor(cursor);
    QTest::keyClick(stack, Qt::Key_Return);
    QCOMPARE(asked.count(), 2);
}

void StackViewTest::culpritsShowStacksToo()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    Stall quiet = stallWithStack(2, 99900ms);
    quiet.stacks.clear();
    quiet.duration = 60ms;
    quiet.stackProblem = "the thread blocks signals";
    loop.stalls = {stallWithStack(1, 99800ms), quiet};
    QVERIFY(watched.show(100s, {loop}));
    window->actions().tables[TablesView::Culprits]->trigger();
    window->refreshNow();
    TreeView *const culprits = window->tables()->culprits();
    const StackView *const stack = window->tables()->culpritStack();
    const QModelIndex culprit = culprits->model()->index(0, 0);
    culprits->setCurrentIndex(culprit); // its worst stall
    QTRY_VERIFY2(stack->toPlainText().contains(QStringLiteral("flywheelGuiltyFunction")),
                 qPrintable(stack->toPlainText()));
    culprits->expand(culprit);
    culprits->setCurrentIndex(culprits->model()->index(0, 0, culprit)); // the newest
    QVERIFY(stack->toPlainText().contains(QStringLiteral("the thread blocks signals")));
    // Beside the stack there is less room: how long they took is in it.
    QTRY_VERIFY(culprits->header()->length() <= culprits->viewport()->width());
    QVERIFY(!culprits->isColumnHidden(CulpritsModel::Total));
}

QTEST_MAIN(StackViewTest)
#include "tst_stackview.moc"
