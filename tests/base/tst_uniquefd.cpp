// SPDX-License-Identifier: MIT
#include "platform/uniquefd.h"

#include <QtTest/qtest.h>

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

using Flywheel::UniqueFd;

class tst_UniqueFd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyOwnsNothing();
    void closesWhenDestroyed();
    void closesWhenReset();
    void moveLeavesEmptyBehind();
    void moveAssignmentClosesOld();
    void moveAssignmentToItselfKeeps();
    void releaseDoesNotClose();
    void zeroIsADescriptor();

private:
    static UniqueFd open() { return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }
    static bool isOpen(int fd) { return ::fcntl(fd, F_GETFD) >= 0 || errno != EBADF; }
};

void tst_UniqueFd::emptyOwnsNothing()
{
    const UniqueFd empty;
    QVERIFY(!empty);
    QCOMPARE(empty.get(), -1);
    QVERIFY(!UniqueFd(-1)); // as a failed system call returns it
}

void tst_UniqueFd::closesWhenDestroyed()
{
    int fd = -1;
    {
        const UniqueFd owner = open();
        QVERIFY(bool(owner));
        fd = owner.get();
        QVERIFY(isOpen(fd));
    }
    QVERIFY(!isOpen(fd));
}

void tst_UniqueFd::closesWhenReset()
{
    UniqueFd owner = open();
    const int fd = owner.get();
    owner.reset();
    QVERIFY(!owner);
    QVERIFY(!isOpen(fd));
}

void tst_UniqueFd::moveLeavesEmptyBehind()
{
    UniqueFd from = open();
    const int fd = from.get();
    const UniqueFd to = std::move(from);
    QCOMPARE(from.get(), -1);
    QCOMPARE(to.get(), fd);
    QVERIFY(isOpen(fd));
}

void tst_UniqueFd::moveAssignmentClosesOld()
{
    UniqueFd from = open();
    UniqueFd to = open();
    const int old = to.get();
    to = std::move(from);
    QVERIFY(!isOpen(old));
    QVERIFY(isOpen(to.get()));
}

void tst_UniqueFd::moveAssignmentToItselfKeeps()
{
    UniqueFd owner = open();
    const int fd = owner.get();
    UniqueFd &alias = owner;
    owner = std::move(alias);
    QCOMPARE(owner.get(), fd);
    QVERIFY(isOpen(fd));
}

void tst_UniqueFd::releaseDoesNotClose()
{
    UniqueFd owner = open();
    const int fd = owner.get();
    owner.release();
    QVERIFY(!owner);
    QVERIFY(isOpen(fd));
    ::close(fd);
}

void tst_UniqueFd::zeroIsADescriptor()
{
    UniqueFd zero(0);
    QVERIFY(bool(zero));
    zero.release();
}

QTEST_APPLESS_MAIN(tst_UniqueFd)
#include "tst_uniquefd.moc"
