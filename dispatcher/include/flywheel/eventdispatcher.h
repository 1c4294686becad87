// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>
#include <flywheel/options.h>
#include <flywheel/tasks.h>

#include <QtCore/qabstracteventdispatcher.h>

#include <memory>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
class QThread;
QT_END_NAMESPACE

namespace Flywheel {

class EventDispatcherPrivate;

namespace Detail {

#if FLYWHEEL_HAS_NANOSECOND_TIMERS
using QtEventDispatcher = QAbstractEventDispatcherV2;
#else
using QtEventDispatcher = QAbstractEventDispatcher;
#endif

/// While a loop is hosted, QObject::inherits() answers for its host as well: programs and libraries ask
/// `inherits("QEventDispatcherGlib")` to learn whether GLib's event sources are served. Only by name:
/// qobject_cast() to a class of Qt's goes by the meta-object and still fails, so nobody gets at the inside of
/// an object that is none of that class.
class FLYWHEEL_EXPORT HostedIdentity : public QtEventDispatcher
{
public:
    void *qt_metacast(const char *className) override;

protected:
    using QtEventDispatcher::QtEventDispatcher;

private:
    virtual bool isHostedBy(const char *className) const = 0;
};

} // namespace Detail

/// The event dispatcher of one thread: a drop-in replacement for the one that Qt would create.
///
/// Ownership: QThread::setEventDispatcher() and QCoreApplication::setEventDispatcher() take the object over.
/// Threads: every function belongs to the dispatcher's own thread, except wakeUp(), interrupt() and those
/// that say so, which any thread may call. Calls from a wrong thread, and invalid arguments, are refused with
/// the warnings of Qt's own dispatchers. What a pass does, in which order, is described in docs/contract.md.
class FLYWHEEL_EXPORT EventDispatcher : public Detail::HostedIdentity
{
    Q_OBJECT

public:
    /// Never fails. If the wanted poller is not available (unknown name, no descriptors left), a warning says
    /// why and poll(2) is used instead.
    explicit EventDispatcher(const Options &options = {}, QObject *parent = nullptr);
    ~EventDispatcher() override;

    /// Returns the dispatcher of \a thread (null: the calling thread); null if it is not Flywheel's.
    static EventDispatcher *of(QThread *thread = nullptr);

    /// Returns the poller in use, never Poller::Auto.
    Poller poller() const;

    /// Returns Mode::Owner or Mode::Hosted. A loop is Owner until startingUp() has decided.
    Mode mode() const;

    /// Returns a handle to this loop, for post(). Any thread, while the dispatcher lives.
    Loop loop() const;

    /// Returns the loop's metrics as they are now. The loop goes on meanwhile. Any thread, while the
    /// dispatcher lives.
    LoopSnapshot snapshot() const;
    /// Switches the recording of metrics on or off, from the next pass on. Any thread, while the dispatcher
    /// lives.
    ///
    /// The first pass that records allocates the memory, at most 512 KiB, of which pages are used as they are
    /// filled. If there is no memory, nothing is recorded. Memory and figures are kept when recording stops.
    void setMetricsEnabled(bool on);
    bool isMetricsEnabled() const;
    /// Sets all maxima to 0 at the beginning of the loop's next pass. Any thread, while the dispatcher lives.
    void resetMaxima();

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;

    void registerSocketNotifier(QSocketNotifier *notifier) override;
    void unregisterSocketNotifier(QSocketNotifier *notifier) override;

    using QAbstractEventDispatcher::registerTimer;
    using QAbstractEventDispatcher::remainingTime;
    using QAbstractEventDispatcher::unregisterTimer;
#if FLYWHEEL_HAS_NANOSECOND_TIMERS
    /// Precise intervals keep their nanoseconds, coarse ones are rounded to milliseconds, very coarse ones to
    /// seconds.
    void registerTimer(Qt::TimerId timerId, Duration interval, Qt::TimerType timerType,
                       QObject *object) override;
    bool unregisterTimer(Qt::TimerId timerId) override;
    QList<TimerInfoV2> timersForObject(QObject *object) const override;
    Duration remainingTime(Qt::TimerId timerId) const override;
#else
    void registerTimer(int timerId, qint64 interval, Qt::TimerType timerType, QObject *object) override;
    bool unregisterTimer(int timerId) override;
    QList<TimerInfo> registeredTimers(QObject *object) const override;
    /// Milliseconds, rounded up; 0 when overdue, -1 (with a warning) for an unknown timer.
    int remainingTime(int timerId) override;
#endif
    bool unregisterTimers(QObject *object) override;

    void wakeUp() override;
    void interrupt() override;
    void startingUp() override;
    void closingDown() override;

protected:
    void connectNotify(const QMetaMethod &signal) override;
    void disconnectNotify(const QMetaMethod &signal) override;

private:
    friend class EventDispatcherPrivate;
    Q_DECL_HIDDEN explicit EventDispatcher(std::unique_ptr<EventDispatcherPrivate> d, QObject *parent);
    bool isHostedBy(const char *className) const override;

    const std::unique_ptr<EventDispatcherPrivate> d;
};

} // namespace Flywheel
