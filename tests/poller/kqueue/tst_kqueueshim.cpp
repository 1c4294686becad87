// SPDX-License-Identifier: MIT
// Changes and delivery as the manual page of each system says. A row names the page and the clause.
#include "clauses.h"
#include "support/socketpair.h"
#include "testqueue.h"

#include <QtTest/qtest.h>

#include <array>

#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;

namespace {

// Changes

void addTwiceIsOneEvent()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    QCOMPARE(queue.change(sockets.first(), EVFILT_READ, EV_ADD, 0, 7), 0);
    QCOMPARE(queue.change(sockets.first(), EVFILT_READ, EV_ADD, 0, 8), 0);
    const auto events = queue.look();
    QCOMPARE(events.size(), 1u);
    QCOMPARE(udataOf(events[0]), 8u);
}

void eachChangeReplacesUdata()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD, 0, 7);
    queue.change(sockets.first(), EVFILT_READ, EV_ENABLE, 0, 9);
    QCOMPARE(udataOf(queue.look().at(0)), 9u);
}

void deleteRemoves()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD);
    QCOMPARE(queue.change(sockets.first(), EVFILT_READ, EV_DELETE), 0);
    QCOMPARE(queue.count(), 0u);
}

void unknownIsEnoent()
{
    const TestQueue queue;
    const SocketPair sockets;
    QCOMPARE(queue.change(sockets.first(), EVFILT_READ, EV_DELETE), ENOENT);
    QCOMPARE(queue.change(sockets.first(), EVFILT_READ, EV_DISABLE), ENOENT);
    queue.change(sockets.first(), EVFILT_WRITE, EV_ADD);
    QCOMPARE(queue.change(sockets.first(), EVFILT_READ, EV_DELETE), ENOENT);
}

void closedIsEbadf()
{
    const TestQueue queue;
    SocketPair sockets;
    const int fd = sockets.first();
    queue.change(fd, EVFILT_READ, EV_ADD);
    sockets.closeFirst();
    QCOMPARE(queue.change(fd, EVFILT_READ, EV_DELETE), EBADF);
    QCOMPARE(queue.change(fd, EVFILT_READ, EV_ADD), EBADF);
    const Event change = makeEvent(fd, EVFILT_READ, EV_ADD);
    QVERIFY(::kevent(sockets.second(), &change, 1, nullptr, 0, nullptr) < 0);
    QCOMPARE(errno, EBADF);
}

void closeRemoves()
{
    const TestQueue queue;
    SocketPair sockets;
    const UniqueFd duplicate(::dup(sockets.first()));
    sockets.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD);
    sockets.closeFirst();
    QCOMPARE(queue.count(), 0u);
}

void dup2OverItRemoves()
{
    const TestQueue queue;
    const SocketPair sockets;
    const SocketPair others;
    others.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD);
    QCOMPARE(::dup2(others.first(), sockets.first()), sockets.first());
    QCOMPARE(queue.count(), 0u);
}

void disabledIsSilent()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD | EV_DISABLE);
    QCOMPARE(queue.count(), 0u);
    queue.change(sockets.first(), EVFILT_READ, EV_ENABLE);
    QCOMPARE(queue.count(), 1u);
    queue.change(sockets.first(), EVFILT_READ, EV_DISABLE);
    QCOMPARE(queue.count(), 0u);
}

void errorHasPlaceInEventList()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    std::array<Event, 8> results{};
    QCOMPARE(queue.apply({makeEvent(sockets.first(), EVFILT_WRITE, EV_DELETE, 0, 5),
                          makeEvent(sockets.first(), EVFILT_READ, EV_ADD)},
                         results),
             1); // and no event beside it
    QCOMPARE(unsigned(results[0].flags), unsigned(EV_ERROR));
    QCOMPARE(int(results[0].data), ENOENT);
    QCOMPARE(udataOf(results[0]), 5u);
    QCOMPARE(queue.count(), 1u); // what follows the error was applied
}

void errorWithoutRoomEndsChanges()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    const std::array changes{makeEvent(sockets.first(), EVFILT_WRITE, EV_DELETE),
                             makeEvent(sockets.first(), EVFILT_READ, EV_ADD)};
    QCOMPARE(::kevent(queue.descriptor(), changes.data(), 2, nullptr, 0, nullptr), -1);
    QCOMPARE(errno, ENOENT);
    QCOMPARE(queue.count(), 0u);
}

void receiptDrainsNothing()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    std::array<Event, 8> results{};
    QCOMPARE(queue.apply({makeEvent(sockets.first(), EVFILT_READ, EV_ADD | EV_RECEIPT)}, results), 1);
    QCOMPARE(unsigned(results[0].flags), unsigned(EV_ERROR));
    QCOMPARE(int(results[0].data), 0);
}

// Delivery

void levelTriggeredByDefault()
{
    const TestQueue queue;
    const SocketPair sockets;
    queue.change(sockets.first(), EVFILT_READ, EV_ADD);
    QCOMPARE(queue.count(), 0u);
    sockets.write();
    QCOMPARE(queue.count(), 1u);
    QCOMPARE(queue.count(), 1u);
    sockets.drain();
    QCOMPARE(queue.count(), 0u); // it was on the list, and is asked again
}

void readAndWriteAreApart()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD, 0, 1);
    queue.change(sockets.first(), EVFILT_WRITE, EV_ADD, 0, 2);
    const auto events = queue.look();
    QCOMPARE(events.size(), 2u);
    QCOMPARE(udataOf(events[0]) + udataOf(events[1]), 3u);
    sockets.fill();
    QCOMPARE(queue.look().size(), 1u);
    sockets.makeRoom();
    QCOMPARE(queue.look().size(), 2u);
}

void takesTurns()
{
    const TestQueue queue;
    const std::array<SocketPair, 2> sockets;
    for (const SocketPair &pair : sockets) {
        pair.write();
        queue.change(pair.first(), EVFILT_READ, EV_ADD);
    }
    const auto first = queue.look(1).at(0).ident;
    const auto second = queue.look(1).at(0).ident;
    QVERIFY(first != second);
    QCOMPARE(queue.look(1).at(0).ident, first);
}

void oneshotIsDeleted()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD | EV_ONESHOT);
    QCOMPARE(queue.count(), 1u);
    QCOMPARE(queue.count(), 0u);
    QCOMPARE(queue.change(sockets.first(), EVFILT_READ, EV_DELETE), ENOENT);
}

void clearReportsChangesOnly()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD | EV_CLEAR);
    QCOMPARE(queue.count(), 1u);
    QCOMPARE(queue.count(), 0u);
    sockets.write();
    QCOMPARE(queue.count(), 1u);
}

void dispatchDisables()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD | EV_DISPATCH);
    QCOMPARE(queue.count(), 1u);
    QCOMPARE(queue.count(), 0u);
    queue.change(sockets.first(), EVFILT_READ, EV_ENABLE);
    QCOMPARE(queue.count(), 1u);
}

void dataCountsBytes()
{
    const TestQueue queue;
    const SocketPair sockets;
    sockets.write();
    sockets.write();
    queue.change(sockets.first(), EVFILT_READ, EV_ADD);
    QCOMPARE(int(queue.look().at(0).data), 2);
}

void endOfFileIsFlagged()
{
    const TestQueue queue;
    SocketPair sockets;
    queue.change(sockets.first(), EVFILT_READ, EV_ADD);
    sockets.write();
    QVERIFY(!(queue.look().at(0).flags & EV_EOF));
    sockets.closeSecond();
    QVERIFY(queue.look().at(0).flags & EV_EOF);
    QVERIFY(queue.look().at(0).flags & EV_EOF);
    QCOMPARE(int(queue.look().at(0).data), 1); // what is left to be read
}

} // namespace

class tst_KqueueShim : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changes_data();
    void changes() { runRow(); }
    void delivery_data();
    void delivery() { runRow(); }
};

void tst_KqueueShim::changes_data()
{
    addClauses();
    row("EV_ADD: again modifies, adds no second event", addTwiceIsOneEvent);
    row("udata: passed through as last given", eachChangeReplacesUdata);
    row("EV_DELETE: removes the event", deleteRemoves);
    row("ERRORS, ENOENT: no such event", unknownIsEnoent);
    row("ERRORS, EBADF: the descriptor is invalid", closedIsEbadf);
    row("EV_DELETE: close(2) removes the descriptor's events", closeRemoves);
    row("EV_DELETE: so does dup2(2) over it", dup2OverItRemoves);
    row("EV_ENABLE, EV_DISABLE", disabledIsSilent);
    row("RETURN VALUES: an error goes to the event list", errorHasPlaceInEventList);
    row("RETURN VALUES: without room it is the call's", errorWithoutRoomEndsChanges);
    row("EV_RECEIPT: no pending event is drained", receiptDrainsNothing);
}

void tst_KqueueShim::delivery_data()
{
    addClauses();
    row("DESCRIPTION: the filter is run again on retrieval", levelTriggeredByDefault);
    row("DESCRIPTION: an event is a pair of ident and filter", readAndWriteAreApart);
    row("eventlist: in turn, what is left goes behind", takesTurns);
    row("EV_ONESHOT: deleted after retrieval", oneshotIsDeleted);
    row("EV_CLEAR: state is reset on retrieval", clearReportsChangesOnly);
    row("EV_DISPATCH: disabled on delivery", dispatchDisables);
    row("EVFILT_READ: data is the number of bytes", dataCountsBytes);
    row("EVFILT_READ: EV_EOF while data may be left", endOfFileIsFlagged);
}

QTEST_APPLESS_MAIN(tst_KqueueShim)
#include "tst_kqueueshim.moc"
