// SPDX-License-Identifier: MIT
#include "loop/loopcore.h"

#include "base/internalthread.h"
#include "depthprobe/depthprobe.h"
#include "journal/recenthandlers.h"
#include "platform/threadname.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qvariant.h>

#ifdef Q_OS_LINUX
#    include <unistd.h>
#endif

namespace Flywheel {

namespace {

thread_local LoopCore *t_current = nullptr;

std::uint64_t nextId()
{
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::uint64_t systemThreadId()
{
#ifdef Q_OS_LINUX
    return static_cast<std::uint64_t>(::gettid());
#else
    return reinterpret_cast<std::uint64_t>(QThread::currentThreadId());
#endif
}

/// A QThread without a name tells the system its class: of QThread itself that says nothing.
std::string withoutCommonName(const std::string &name)
{
    return name == "QThread" ? std::string() : name;
}

/// QThread's own name; else "main" for the application's thread; else what the thread calls itself in the
/// system.
std::string nameOf(const QThread *thread)
{
    if (!thread->objectName().isEmpty())
        return thread->objectName().toStdString();
    if (QCoreApplication::instance() && QCoreApplication::instance()->thread() == thread)
        return "main";
    return withoutCommonName(systemThreadName());
}

/// Of a loop that may never run a pass in which to tell its name.
std::string nameInSystem(std::uint64_t threadId)
{
    return threadId == 0 ? std::string() : withoutCommonName(systemThreadName(threadId));
}

} // namespace

LoopCore *LoopCore::current()
{
    return t_current;
}

LoopCore::LoopCore(LoopWaker &waker, Poller poller, ClockFunction clock)
    : tasks(clock)
    , m_waker(waker)
    , m_poller(poller)
    , m_clock(clock)
    , m_id(nextId())
{
}

void LoopCore::announce(QThread *thread)
{
    const bool isNew = !m_thread.exchange(thread, std::memory_order_acq_rel);
    if (isNew && !thread->property(InternalThreadProperty).toBool())
        Registry::instance().add(shared_from_this());
}

void LoopCore::enter(QThread *thread)
{
    announce(thread);
    t_current = this;
    m_loopThread.store(QThread::currentThreadId(), std::memory_order_relaxed);
    const std::lock_guard lock(m_mutex);
    m_threadName = nameOf(thread);
    m_threadId = systemThreadId();
}

void LoopCore::close()
{
    if (t_current == this)
        t_current = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_journalMemory.removeFile();
    }
    Registry::instance().remove(this);
    {
        const std::lock_guard lock(m_mutex);
        m_postedQueue = nullptr;
    }
    tasks.close();
    m_foreignPosts.waitForPosts();
}

bool LoopCore::post(InlineTask &&task)
{
    const TaskQueue::Posted posted = tasks.post(std::move(task));
    if (posted == TaskQueue::Posted::QueuedFirst) {
        m_taskWakeUps.fetch_add(1, std::memory_order_relaxed);
        noteWakeUp();
        countWakeUp(m_waker.wake());
        tasks.endWake();
    }
    return posted != TaskQueue::Posted::Refused;
}

void LoopCore::wakeUp()
{
    if (isLoopThread()) { // it does not end meanwhile
        m_ownPosts.add(1);
        if (m_waker.wake()) [[unlikely]]
            noteOwnKernelWakeUp();
        return;
    }
    const PostCounter::Post post(m_foreignPosts);
    noteWakeUp();
    countWakeUp(m_waker.wake());
}

/// The time is noted before the loop can be awake, so each note is followed by a wake-up that it belongs to.
void LoopCore::noteWakeUp()
{
    if (isMetricsEnabled() && m_waker.isAsleep())
        noteTimeOfWakeUp();
}

void LoopCore::noteTimeOfWakeUp()
{
    std::int64_t none = 0;
    const std::int64_t now = m_clock().time_since_epoch().count();
    m_wakeAsked.compare_exchange_strong(none, now, std::memory_order_relaxed);
}

/// The loop's thread has woken its own loop: in a signal handler, or while another loop waits for it.
void LoopCore::noteOwnKernelWakeUp()
{
    countWakeUp(true);
    if (isMetricsEnabled() && (mode() != Mode::Hosted || isWaitingElsewhere()))
        noteTimeOfWakeUp();
}

void LoopCore::countWakeUp(bool touchedKernel)
{
    if (touchedKernel)
        m_kernelWakeUps.fetch_add(1, std::memory_order_relaxed);
}

void LoopCore::beginForeignWait()
{
    LoopRecorder *const recorder = recording();
    if (!recorder || isWaitingElsewhere())
        return;
    recorder->readClock(); // what ran since need not have been recorded
    recorder->beginWait();
    m_waitsElsewhere.store(true, std::memory_order_relaxed);
}

void LoopCore::finishForeignWait()
{
    m_waitsElsewhere.store(false, std::memory_order_relaxed);
    if (LoopRecorder *const recorder = recording())
        recorder->endWait();
}

LoopRecorder *LoopCore::currentRecorder()
{
    LoopRecorder *recorder = m_recorder.load(std::memory_order_relaxed);
    const unsigned current = generation();
    if (current == m_recordedGeneration)
        return recorder;
    if (!recorder && current != m_failedGeneration)
        recorder = makeRecorder();
    if (!recorder) {
        m_failedGeneration = current;
        return nullptr;
    }
    m_recordedGeneration = current;
    m_foreignPostsSeen = m_foreignPosts.count();
    m_postsSeen = ownPosts() + m_foreignPostsSeen;
    m_wakeAsked.store(0, std::memory_order_relaxed);
    recorder->restart();
    return recorder;
}

/// Not when metrics are switched on: a thread that never runs its loop, or fails to start, needs none.
LoopRecorder *LoopCore::makeRecorder()
{
    const std::lock_guard lock(m_mutex);
    if (const QThread *const loopThread = thread(); loopThread && t_current == this)
        m_threadName = nameOf(loopThread); // it may have been named since its start
    m_journalHasNoFile = m_recentHandlers > 0 && !isOfMainThread();
    m_journalMemory = m_journalHasNoFile ? JournalMemory::makePlain(m_recentHandlers)
                                         : JournalMemory::make(m_id, m_recentHandlers);
    if (!m_journalMemory)
        return nullptr;
    m_ownedRecorder =
        makeInZeroPages<LoopRecorder>(m_clock, suspendedTime, m_threshold, m_journalMemory.bytes());
    if (!m_ownedRecorder) {
        m_journalMemory = {};
        return nullptr;
    }
    identifyJournal();
    m_recorder.store(m_ownedRecorder.get(), std::memory_order_release);
    return m_ownedRecorder.get();
}

void LoopCore::lockForFork()
{
    m_mutex.lock();
    tasks.lockForFork();
    if (m_ownedRecorder)
        m_ownedRecorder->lockForFork();
}

void LoopCore::unlockAfterFork(bool inChild)
{
    if (inChild) {
        m_isLost = t_current != this && m_threadId != 0;
        m_journalMemory.keepPrivate(!m_isLost);
        if (t_current == this)
            m_threadId = systemThreadId();
        m_foreignPosts.forgetPosts();
    }
    if (m_ownedRecorder)
        m_ownedRecorder->unlockAfterFork();
    tasks.unlockAfterFork(inChild);
    m_mutex.unlock();
}

void LoopCore::recordWakeUps(LoopRecorder &recorder, bool woken)
{
    std::int64_t asked = 0;
    if (woken) {
        m_foreignPostsSeen = m_foreignPosts.count();
        asked = m_wakeAsked.load(std::memory_order_relaxed);
        if (asked != 0)
            asked = m_wakeAsked.exchange(0, std::memory_order_relaxed);
    }
    const std::uint64_t posts = ownPosts() + m_foreignPostsSeen;
    recorder.recordWakeUps(asked != 0 ? Instant(Nanoseconds(asked)) : Immediately, posts - m_postsSeen);
    m_postsSeen = posts;
}

void LoopCore::setMetricsEnabled(bool on)
{
    const std::lock_guard lock(m_mutex);
    if (on == isMetricsEnabled())
        return;
    tasks.setStamping(on);
    m_generation.fetch_add(1, std::memory_order_release);
}

void LoopCore::setStallThreshold(Nanoseconds threshold)
{
    const std::lock_guard lock(m_mutex);
    m_threshold = threshold;
    if (m_ownedRecorder)
        m_ownedRecorder->setStallThreshold(threshold);
}

void LoopCore::setRecentHandlers(std::size_t count)
{
    const std::lock_guard lock(m_mutex);
    m_recentHandlers = count;
}

void LoopCore::resetMaxima()
{
    if (LoopRecorder *const recorder = m_recorder.load(std::memory_order_acquire))
        recorder->requestResetOfMaxima();
}

void LoopCore::lookForPostedQueue()
{
    if (void *const queue = postedQueue()) {
        const std::lock_guard lock(m_mutex);
        m_postedQueue = queue;
    }
}

/// What waits now: a pass may take long, and events that are posted meanwhile are delivered in it.
void LoopCore::readPostedDepth(LoopSnapshot &snapshot) const
{
    if (!snapshot.postedDepth)
        return;
    const std::lock_guard lock(m_mutex); // close() waits: the queue is there
    if (!m_postedQueue)
        return;
    snapshot.postedDepth->current = postedDepth(m_postedQueue);
    snapshot.postedDepth->max = std::max(snapshot.postedDepth->max, snapshot.postedDepth->current);
}

LoopSnapshot LoopCore::snapshot(const SnapshotOptions &options) const
{
    LoopSnapshot result;
    const Instant now = m_clock();
    LoopRecorder *const recorder = m_recorder.load(std::memory_order_acquire);
    {
        const std::lock_guard lock(m_mutex);
        result.threadName = m_threadName;
        result.threadId = m_threadId;
        result.stallThreshold = m_threshold;
        result.journalFile = m_journalMemory.path();
    }
    if (result.threadName.empty())
        result.threadName = nameInSystem(result.threadId);
    result.loopId = m_id;
    result.poller = m_poller;
    result.mode = mode();
    result.takenAt = now.time_since_epoch();
    result.takenAtWall = std::chrono::system_clock::now();
    result.enabled = isMetricsEnabled();
    if (recorder)
        recorder->read(result, now, result.enabled, options);
    stacks.addTo(result);
    readPostedDepth(result);
    result.taskDepth.current = tasks.depth();
    const Instant oldest = tasks.oldest();
    result.oldestTaskAge =
        oldest == Never ? Nanoseconds::zero() : std::max(now - oldest, Nanoseconds::zero());
    result.kernelWakeUps = m_kernelWakeUps.load(std::memory_order_relaxed);
    result.wakeUps = posts() + m_taskWakeUps.load(std::memory_order_relaxed);
    result.coalescedWakeUps = result.wakeUps - std::min(result.wakeUps, result.kernelWakeUps);
    result.taskSlots = {result.taskDepth.current, tasks.capacity()};
    result.timeoutSlots = {timeoutsUsed.get(), timeoutsCapacity.get()};
    return result;
}

std::optional<LoopHandlers> LoopCore::recentHandlers(std::size_t most) const
{
    if (!m_recorder.load(std::memory_order_acquire))
        return std::nullopt;
    LoopHandlers result;
    std::span<const std::byte> journal;
    {
        const std::lock_guard lock(m_mutex);
        result.threadName = m_threadName;
        result.threadId = m_threadId;
        journal = m_journalMemory.bytes();
        most = m_recentHandlers == 0 ? 0 : most;
    }
    if (result.threadName.empty())
        result.threadName = nameInSystem(result.threadId);
    result.loopId = m_id;
    if (const JournalReading reading = readJournal(journal); reading.contents)
        addHandlers(result, *reading.contents, m_clock(), most);
    if (!isMetricsEnabled())
        result.running.reset();
    result.takenAt = m_clock().time_since_epoch();
    result.takenAtWall = std::chrono::system_clock::now();
    return result;
}

std::optional<Stall> LoopCore::ongoingStall() const
{
    const LoopRecorder *const recorder = m_recorder.load(std::memory_order_acquire);
    return recorder && isMetricsEnabled() ? recorder->ongoingStall(m_clock()) : std::nullopt;
}

std::optional<Nanoseconds> LoopCore::busySince() const
{
    const LoopRecorder *const recorder = m_recorder.load(std::memory_order_acquire);
    const auto since = recorder && isMetricsEnabled() ? recorder->busySince() : std::nullopt;
    return since ? std::optional(since->time_since_epoch()) : std::nullopt;
}

std::uint64_t LoopCore::threadId() const
{
    const std::lock_guard lock(m_mutex);
    return m_threadId;
}

Nanoseconds LoopCore::stallThreshold() const
{
    const std::lock_guard lock(m_mutex);
    return m_threshold;
}

} // namespace Flywheel
