// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/stalllist.h"
#include "metrics/subjecttable.h"
#include "metrics/timertable.h"
#include "platform/stackmark.h"

/// What a LoopRecorder knows of the passes and handlers that have not ended.
namespace Flywheel {

/// Describes a pass that another dispatcher runs.
struct PassKind
{
    int level = 0;          ///< QThread::loopLevel()
    bool ledByHand = false; ///< no exec() runs it, so nobody knows when it ends
    bool endIsTold = false; ///< the dispatcher reports its end
};

/// The time in which nothing else was served: from the start of something, or from the end of the last
/// loop inside it.
struct Unserved
{
    Instant since;
    Instant longestSince;
    Nanoseconds longest;

    void begin(Instant now)
    {
        since = now;
        longest = {};
    }
    void end(Instant now)
    {
        if (now - since > longest) {
            longest = now - since;
            longestSince = since;
        }
    }
};

/// A pass that goes on.
struct PassFrame
{
    Instant start;
    Unserved unserved;
    Nanoseconds blocked;      ///< within it, nested loops not counted
    Nanoseconds nestedBefore; ///< time in nested passes when it began
    std::uint64_t stallsBefore;
    std::uint64_t handlers;
    std::size_t frames; ///< how many there were when it began
    std::uint32_t serial;
    bool isOver; ///< but not those inside it
    PassKind passKind;
    StallList::Record longest;
};

/// A handler that goes on. What stands in comments at the ends of groups says when the group has a value.
struct HandlerFrame
{
    Instant start;
    std::int64_t id;
    std::uint64_t stallsBefore;
    std::uint32_t serial;
    HandlerKind kind;
    bool isOver; ///< but not those inside it
    bool hasReceiver;
    bool isTimer;
    bool isUntold;  ///< nobody reports its end
    bool isLeaf;    ///< no loop ran in it, and it did not wait
    bool isNotable; ///< it can be noted (HandlerFigures), if it is a leaf and short enough

    SubjectTable::Index subject;
    ReceiverTable::Index receiver; // hasReceiver
    TimerTable::Handle timer;
    Nanoseconds interval;
    Nanoseconds lateness; // isTimer
    Unserved unserved;
    Nanoseconds nestedBefore; // unless isLeaf
    StackMark mark;           // isUntold
    const void *deliveries;   ///< where Qt delivers its events, once known; of a batch
};

} // namespace Flywheel
