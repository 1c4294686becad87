// SPDX-License-Identifier: MIT
#include "platform/unix/wakepipe.h"

#include <QtTest/qtest.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

using namespace Flywheel;

class tst_WakePipe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writeMakesItReadableUntilDrained();
    void writeWithoutPipeDoesNothing();
    void fullPipeIsStillAWakeUp();
    void closedReadEndRaisesNoSignal();
    void closedWriteEndIsNoticed();
    void foreignFileIsNotWrittenTo();

private:
    static bool isReadable(const WakePipe &pipe)
    {
        pollfd polled{pipe.readEnd(), POLLIN, 0};
        return ::poll(&polled, 1, 0) == 1;
    }
    /// The ends get the two lowest numbers that are free, which are neighbours in this process.
    static int writeEnd(const WakePipe &pipe) { return pipe.readEnd() + 1; }
};

void tst_WakePipe::writeMakesItReadableUntilDrained()
{
    WakePipe pipe;
    QVERIFY(pipe.open());
    QVERIFY(!isReadable(pipe));
    QVERIFY(pipe.write());
    QVERIFY(isReadable(pipe));
    QVERIFY(pipe.drain());
    QVERIFY(!isReadable(pipe));
    QVERIFY(pipe.drain()); // nothing to take is no failure
}

void tst_WakePipe::writeWithoutPipeDoesNothing()
{
    const WakePipe pipe;
    QVERIFY(pipe.write());
}

void tst_WakePipe::fullPipeIsStillAWakeUp()
{
    WakePipe pipe;
    QVERIFY(pipe.open());
    for (int i = 0; i < 100'000; ++i)
        QVERIFY(pipe.write());
    QVERIFY(pipe.drain());
    QVERIFY(!isReadable(pipe));
}

void tst_WakePipe::closedReadEndRaisesNoSignal()
{
    ::signal(SIGPIPE, [](int) { ::_exit(9); });
    WakePipe pipe;
    QVERIFY(pipe.open());
    ::close(pipe.readEnd());
    QVERIFY(!pipe.write());
    ::signal(SIGPIPE, SIG_DFL);
}

void tst_WakePipe::closedWriteEndIsNoticed()
{
    WakePipe pipe;
    QVERIFY(pipe.open());
    ::close(writeEnd(pipe));
    QVERIFY(!pipe.write());
    QVERIFY(isReadable(pipe)); // at its end
    QVERIFY(!pipe.drain());
    ::close(pipe.readEnd()); // the pipe takes both for lost
}

void tst_WakePipe::foreignFileIsNotWrittenTo()
{
    WakePipe pipe;
    QVERIFY(pipe.open());
    std::array<char, 32> name{"/tmp/tst_wakepipe_XXXXXX"};
    const UniqueFd file(::mkstemp(name.data()));
    QVERIFY(file);
    ::unlink(name.data());
    ::dup2(file.get(), writeEnd(pipe));
    QVERIFY(!pipe.write());
    QCOMPARE(::lseek(file.get(), 0, SEEK_END), off_t(0));
}

QTEST_APPLESS_MAIN(tst_WakePipe)
#include "tst_wakepipe.moc"
