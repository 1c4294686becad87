// SPDX-License-Identifier: MIT
#include <flywheel/inlinetask.h>

#include <flywheel/tasks.h>

#include <QtTest/qtest.h>

#include <memory>

using Flywheel::InlineTask;

namespace {

/// Counts the living ones.
struct Counted
{
    explicit Counted(int &count) : living(&count) { ++*living; }
    Counted(const Counted &other) : living(other.living) { ++*living; }
    Counted(Counted &&other) noexcept : living(other.living) { ++*living; }
    ~Counted() { --*living; }
    int *living;
};

template <std::size_t Size>
struct Sized
{
    std::array<char, Size - sizeof(int *)> padding{};
    int *calls;
    void operator()() { ++*calls; }
};

static_assert(sizeof(Flywheel::Detail::WithContext<Sized<48>>) <= InlineTask::Capacity,
              "48 bytes fit in place with a context, too");

} // namespace

class tst_InlineTask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsWhatItHolds();
    void holdsWhatOnlyMoves();
    void largeCallables();
    void destroysEachOnce();
    void isEmptyAfterMove();
    void mayBeCalledAgain();
    void freeFunctions();
};

void tst_InlineTask::callsWhatItHolds()
{
    int calls = 0;
    InlineTask task([&calls] { ++calls; });
    task();
    QCOMPARE(calls, 1);
}

void tst_InlineTask::holdsWhatOnlyMoves()
{
    int result = 0;
    InlineTask task([value = std::make_unique<int>(42), &result] { result = *value; });
    InlineTask moved = std::move(task);
    moved();
    QCOMPARE(result, 42);
}

void tst_InlineTask::largeCallables()
{
    int calls = 0;
    InlineTask task(Sized<1024>{{}, &calls});
    InlineTask moved = std::move(task);
    moved();
    QCOMPARE(calls, 1);
}

void tst_InlineTask::destroysEachOnce()
{
    int living = 0;
    {
        InlineTask small([counted = Counted(living)] {});
        InlineTask large(
            [counted = Counted(living), padding = std::array<char, 100>{}] { static_cast<void>(padding); });
        QCOMPARE(living, 2);
        InlineTask other = std::move(small);
        other = std::move(large);
        QCOMPARE(living, 1);
        other.reset();
        QCOMPARE(living, 0);
        small = InlineTask([counted = Counted(living)] {});
    }
    QCOMPARE(living, 0);
}

void tst_InlineTask::isEmptyAfterMove()
{
    InlineTask task([] {});
    InlineTask moved = std::move(task);
    QVERIFY(!task);
    QVERIFY(moved);
    QVERIFY(!InlineTask());
}

void tst_InlineTask::mayBeCalledAgain()
{
    int calls = 0;
    InlineTask task([&calls] { ++calls; });
    task();
    task();
    QCOMPARE(calls, 2);
}

void tst_InlineTask::freeFunctions()
{
    static int calls = 0;
    struct Function
    {
        static void call() { ++calls; }
    };
    InlineTask task(&Function::call);
    task();
    QCOMPARE(calls, 1);
}

QTEST_GUILESS_MAIN(tst_InlineTask)
#include "tst_inlinetask.moc"
