// SPDX-License-Identifier: MIT
#include "journal/journalfiles.h"
#include "journal/journalreader.h"
#include "support/child.h"
#include "telemetry/runtimedirectory.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qsemaphore.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <optional>
#include <thread>

#include <unistd.h>

using namespace Flywheel;
using namespace std::chrono_literals;
using Flywheel::Telemetry::Test::RuntimeDirectory;

namespace {

/// Of the loop under test, which is the only one in its thread.
std::optional<LoopHandlers> handlersOf(std::uint64_t loopId,
                                       std::size_t most = std::numeric_limits<std::size_t>::max())
{
    for (LoopHandlers &loop : recentHandlers(most)) {
        if (loop.loopId == loopId)
            return std::move(loop);
    }
    return std::nullopt;
}

bool has(const LoopHandlers &loop, const char *objectName)
{
    return std::ranges::any_of(
        loop.handlers, [&](const RecentHandler &handler) { return handler.objectName == objectName; });
}

class TestedLoop
{
public:
    explicit TestedLoop(const Options &options = {})
    {
        thread.setObjectName(QStringLiteral("under test"));
        install(thread, options);
        thread.start();
        context.moveToThread(&thread);
        context.setObjectName(QStringLiteral("context"));
        call([this] { id = EventDispatcher::of()->snapshot().loopId; });
    }
    ~TestedLoop()
    {
        thread.quit();
        thread.wait();
    }
    template <typename Function>
    void call(Function function)
    {
        QMetaObject::invokeMethod(&context, function, Qt::BlockingQueuedConnection);
    }
    /// Its last handlers have been recorded.
    void settle()
    {
        call([] {});
        call([] {});
    }

    QThread thread;
    QObject context;
    std::uint64_t id = 0;
};

/// So that its journal gets a file.
void makeActive(TestedLoop &loop)
{
    for (int i = 0; i < 20; ++i)
        loop.call([] {});
}

} // namespace

class tst_RecentHandlers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup() { m_runtime.reset(); }

    void timersAreToldWithTheirReceivers();
    void runningHandlerIsSeenFromOutside();
    void nestedHandlersHaveDepths();
    void atMostSoMany();
    void noneIfNoneAreWanted();
    void loopThatNeverRecordedIsLeftOut();
    void fileComesWithActivity();
    void fileGoesWithItsLoop();
    void childHasAFileOfItsOwn();

private:
    std::optional<RuntimeDirectory> m_runtime;
};

void tst_RecentHandlers::timersAreToldWithTheirReceivers()
{
    TestedLoop loop;
    const auto before = std::chrono::steady_clock::now().time_since_epoch();
    loop.call([&] {
        auto *const timer = new QTimer(&loop.context);
        timer->setObjectName(QStringLiteral("the timer"));
        timer->callOnTimeout([timer] {
            timer->stop();
            std::this_thread::sleep_for(20ms);
        });
        timer->start(1);
    });
    QTRY_VERIFY(has(*handlersOf(loop.id), "the timer"));
    const std::optional<LoopHandlers> handlers = handlersOf(loop.id);
    QCOMPARE(handlers->threadName, std::string("under test"));
    QVERIFY(handlers->recorded >= handlers->handlers.size());
    const auto found = std::ranges::find(handlers->handlers, "the timer", &RecentHandler::objectName);
    QCOMPARE(found->kind, HandlerKind::Timer);
    QCOMPARE(found->className, std::string("QObject"));
    QCOMPARE(found->nestingDepth, 1u);
    QVERIFY(found->began >= before && found->began + found->duration <= handlers->takenAt);
    QVERIFY(found->duration >= 20ms && found->lateness >= 0ns);
    QVERIFY(found->id > 0);
}

void tst_RecentHandlers::runningHandlerIsSeenFromOutside()
{
    TestedLoop loop;
    QSemaphore begun;
    QSemaphore end;
    QMetaObject::invokeMethod(&loop.context, [&] {
        begun.release();
        end.acquire();
    });
    begun.acquire();
    std::this_thread::sleep_for(20ms);
    const std::optional<LoopHandlers> handlers = handlersOf(loop.id);
    end.release();
    QVERIFY(handlers && handlers->running);
    QCOMPARE(handlers->running->kind, HandlerKind::PostedEvent);
    QCOMPARE(handlers->running->objectName, std::string("context"));
    QCOMPARE(handlers->running->id, std::int64_t(QEvent::MetaCall));
    QVERIFY(handlers->running->duration >= 20ms);
    loop.settle();
    QTRY_VERIFY(!handlersOf(loop.id)->running);
}

void tst_RecentHandlers::nestedHandlersHaveDepths()
{
    TestedLoop loop;
    loop.call([&] {
        QObject inner;
        inner.setObjectName(QStringLiteral("inner"));
        QEventLoop nested;
        QTimer::singleShot(1, &inner, [] {});
        QMetaObject::invokeMethod(
            &inner, [&] { nested.quit(); }, Qt::QueuedConnection);
        nested.exec();
    });
    loop.settle();
    const std::optional<LoopHandlers> handlers = handlersOf(loop.id);
    const auto inner = std::ranges::find(handlers->handlers, "inner", &RecentHandler::objectName);
    QVERIFY(inner != handlers->handlers.end());
    QCOMPARE(inner->nestingDepth, 2u);
    // The one around it ends later, and contains it.
    const auto outer = std::find_if(inner, handlers->handlers.end(), [](const RecentHandler &handler) {
        return handler.objectName == "context" && handler.nestingDepth == 1;
    });
    QVERIFY(outer != handlers->handlers.end());
    QVERIFY(outer->began <= inner->began);
    QVERIFY(outer->began + outer->duration >= inner->began + inner->duration);
}

void tst_RecentHandlers::atMostSoMany()
{
    TestedLoop loop(Options{.recentHandlers = 3'000});
    loop.call([&] {
        for (int i = 0; i < 5'000; ++i)
            QCoreApplication::postEvent(&loop.context, new QEvent(QEvent::User));
    });
    loop.settle();
    QCOMPARE(handlersOf(loop.id, 10)->handlers.size(), 10u);
    QCOMPARE(handlersOf(loop.id, 0)->handlers.size(), 0u);
    const std::optional<LoopHandlers> all = handlersOf(loop.id);
    QVERIFY(all->recorded >= 5'000);
    QVERIFY(all->handlers.size() > 4'000 && all->handlers.size() <= 4'096);
    QVERIFY(std::ranges::is_sorted(
        all->handlers, {}, [](const RecentHandler &handler) { return handler.began + handler.duration; }));
}

void tst_RecentHandlers::noneIfNoneAreWanted()
{
    TestedLoop loop(Options{.recentHandlers = 0});
    loop.settle();
    QCOMPARE(handlersOf(loop.id)->handlers.size(), 0u);
    QVERIFY(handlersOf(loop.id)->recorded > 0);
    QCOMPARE(m_runtime->journals(), QStringList());
    loop.call([] { QCOMPARE(EventDispatcher::of()->snapshot().journalFile, std::string()); });
}

void tst_RecentHandlers::loopThatNeverRecordedIsLeftOut()
{
    TestedLoop loop(Options{.metrics = false});
    loop.settle();
    QVERIFY(!handlersOf(loop.id));
    QCOMPARE(m_runtime->journals(), QStringList());
}

void tst_RecentHandlers::fileComesWithActivity()
{
    TestedLoop quiet;
    quiet.call([] {});
    quiet.call([] {});
    QCOMPARE(m_runtime->journals(), QStringList());
    QVERIFY(handlersOf(quiet.id));
    TestedLoop slow;
    slow.call([] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); });
    slow.call([] {});
    slow.call([] {});
    QCOMPARE(m_runtime->journals().size(), 1);
    makeActive(quiet);
    QCOMPARE(m_runtime->journals().size(), 2);
}

void tst_RecentHandlers::fileGoesWithItsLoop()
{
    {
        TestedLoop loop;
        makeActive(loop);
        std::string path;
        loop.call([&] { path = EventDispatcher::of()->snapshot().journalFile; });
        QCOMPARE(m_runtime->journals().size(), 1);
        QCOMPARE(QString::fromStdString(path),
                 m_runtime->sockets() + QLatin1Char('/') + m_runtime->journals()[0]);
    }
    QCOMPARE(m_runtime->journals(), QStringList());
}

void tst_RecentHandlers::childHasAFileOfItsOwn()
{
    TestedLoop loop;
    makeActive(loop);
    loop.settle();
    std::string parents;
    bool isRight = false;
    loop.call([&] {
        parents = EventDispatcher::of()->snapshot().journalFile;
        isRight = Test::succeedsInChild([&] {
            const std::uint64_t before = readJournalFile(parents).contents->written;
            for (int i = 0; i < 100; ++i)
                QCoreApplication::postEvent(&loop.context, new QEvent(QEvent::User));
            QCoreApplication::processEvents();
            const std::string own = EventDispatcher::of()->snapshot().journalFile;
            const JournalReading reading = readJournalFile(own);
            return own != parents && reading.contents &&
                   reading.contents->identity.processId == std::uint64_t(::getpid()) &&
                   reading.contents->identity.threadId == std::uint64_t(::getpid()) &&
                   reading.contents->written >= before + 100 && has(*handlersOf(loop.id), "context") &&
                   readJournalFile(parents).contents->written == before;
        });
    });
    QVERIFY(isRight);
    QVERIFY(isBeingWritten(parents));
    QCOMPARE(m_runtime->journals().size(), 2); // the child's stays, since it has not exited
}

int main(int argc, char **argv)
{
    install();
    QCoreApplication application(argc, argv);
    tst_RecentHandlers test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_recenthandlers.moc"
