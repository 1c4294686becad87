// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <concepts>
#include <type_traits>

/// The layout of messages: which number each field has. The writer and the reader use the same functions, so
/// they cannot differ. Never use a number again for another meaning. New fields get new numbers, up to 63.
///
/// visitFields() calls visit(number, field) for each field. For a writer the message is const.
namespace Flywheel::Telemetry {

template <typename T, typename Plain>
concept MaybeConst = std::same_as<std::remove_const_t<T>, Plain>;

/// The numbers of the messages.
template <typename T>
inline constexpr std::uint64_t MessageNumber = 0;
template <>
inline constexpr std::uint64_t MessageNumber<Hello> = 1;
template <>
inline constexpr std::uint64_t MessageNumber<Frame> = 2;
template <>
inline constexpr std::uint64_t MessageNumber<Goodbye> = 3;
template <>
inline constexpr std::uint64_t MessageNumber<WatcherHello> = 16;
template <>
inline constexpr std::uint64_t MessageNumber<IntervalRequest> = 17;

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<ProcessInfo> auto &process)
{
    visit(1, process.processId);
    visit(2, process.name);
    visit(3, process.executable);
    visit(4, process.qtVersion);
    visit(5, process.flywheelVersion);
    visit(6, process.startedAt);
}

/// Fields 1 of Hello and WatcherHello keep number and meaning in all versions.
template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<Hello> auto &hello)
{
    visit(1, hello.protocolVersion);
    visit(2, hello.process);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<WatcherHello> auto &hello)
{
    visit(1, hello.protocolVersion);
    visit(2, hello.program);
    visit(3, hello.interval);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<IntervalRequest> auto &request)
{
    visit(1, request.interval);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<Goodbye> auto &goodbye)
{
    visit(1, goodbye.reason);
    visit(2, goodbye.detail);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<SeriesInterval> auto &series)
{
    visit(1, series.count);
    visit(2, series.sum);
    visit(3, series.maxEver);
    visit(4, series.histogram);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<Gauge> auto &gauge)
{
    visit(1, gauge.current);
    visit(2, gauge.max);
    visit(3, gauge.average);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<PoolUse> auto &pool)
{
    visit(1, pool.used);
    visit(2, pool.capacity);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<StackModule> auto &module)
{
    visit(1, module.file);
    visit(2, module.buildId);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<StackFrame> auto &frame)
{
    visit(1, frame.address);
    visit(2, frame.module);
    visit(3, frame.offset);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<StackSample> auto &sample)
{
    visit(1, sample.takenAt);
    visit(2, sample.count);
    visit(3, sample.systemCall);
    visit(4, sample.isCut);
    visit(5, sample.isIncomplete);
    visit(6, sample.frames);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<Stall> auto &stall)
{
    visit(1, stall.number);
    visit(2, stall.began);
    visit(3, stall.beganMonotonic);
    visit(4, stall.duration);
    visit(5, stall.wholePass);
    visit(6, stall.kind);
    visit(7, stall.className);
    visit(8, stall.objectName);
    visit(9, stall.id);
    visit(10, stall.stacks);
    visit(11, stall.modules);
    visit(12, stall.stackProblem);
    visit(13, stall.watched);
    visit(14, stall.processorTime);
    visit(15, stall.readyTime);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<ReceiverStats> auto &receiver)
{
    visit(1, receiver.className);
    visit(2, receiver.kind);
    visit(3, receiver.count);
    visit(4, receiver.total);
    visit(5, receiver.max);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<TimerStats> auto &timer)
{
    visit(1, timer.className);
    visit(2, timer.objectName);
    visit(3, timer.id);
    visit(4, timer.interval);
    visit(5, timer.type);
    visit(6, timer.fired);
    visit(7, timer.total);
    visit(8, timer.max);
    visit(9, timer.latenessMean);
    visit(10, timer.latenessP99);
    visit(11, timer.latenessMax);
}

template <typename Visitor>
void visitIntervalFields(Visitor &&visit, MaybeConst<LoopFrame> auto &loop)
{
    visit(11, loop.taskLatency);
    visit(12, loop.wakeUpLatency);
    visit(13, loop.timerLateness);
    visit(14, loop.passTime);
    visit(15, loop.handlerTime);
    visit(16, loop.handlerRuns);
    visit(17, loop.posts);
    visit(18, loop.passes);
    visit(19, loop.idlePasses);
    visit(20, loop.missedTicks);
    visit(21, loop.wakeUps);
    visit(22, loop.kernelWakeUps);
    visit(23, loop.coalescedWakeUps);
    visit(24, loop.busy);
    visit(25, loop.blocked);
    visit(26, loop.suspends);
    visit(27, loop.suspendedTime);
    visit(28, loop.stallCount);
}

template <typename Visitor>
void visitMomentFields(Visitor &&visit, MaybeConst<LoopFrame> auto &loop)
{
    visit(29, loop.taskDepth);
    visit(30, loop.oldestTaskAge);
    visit(31, loop.postsPerPass);
    visit(32, loop.postedDepth);
    visit(33, loop.timers);
    visit(34, loop.notifiers);
    visit(35, loop.readyPerPoll);
    visit(36, loop.nestingDepth);
    visit(37, loop.nestingDepthMax);
    visit(38, loop.taskSlots);
    visit(39, loop.timeoutSlots);
    visit(40, loop.stalls);
    visit(41, loop.ongoingStall);
    visit(42, loop.receivers);
    visit(43, loop.topTimers);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<LoopFrame> auto &loop)
{
    visit(1, loop.loopId);
    visit(2, loop.threadName);
    visit(3, loop.threadId);
    visit(4, loop.poller);
    visit(5, loop.enabled);
    visit(6, loop.stallThreshold);
    visit(7, loop.takenAt);
    visit(8, loop.age);
    visit(9, loop.interval);
    visit(10, loop.wholeLife);
    visitIntervalFields(visit, loop);
    visitMomentFields(visit, loop);
    visit(44, loop.mode);
    visit(45, loop.journalFile);
}

template <typename Visitor>
void visitFields(Visitor &&visit, MaybeConst<Frame> auto &frame)
{
    visit(1, frame.sequence);
    visit(2, frame.takenAtWall);
    visit(3, frame.takenAt);
    visit(4, frame.publishingCpu);
    visit(5, frame.omittedLoops);
    visit(6, frame.loops);
}

} // namespace Flywheel::Telemetry
