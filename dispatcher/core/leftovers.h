// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtCore/qpointer.h>

#include <unordered_map>
#include <vector>

QT_BEGIN_NAMESPACE
class QThread;
QT_END_NAMESPACE

namespace Flywheel {

/// The objects whose timers run and the notifiers that are enabled in a thread that may run again.
///
/// Pointers in a loop's tables may dangle when its thread ends: an object that another thread deletes, with a
/// warning of Qt's, tells the loop nothing. So each is noted while it registers itself, when it lives for
/// sure.
class LiveObjects
{
public:
    /// \a object lives. Does nothing without memory.
    void note(QObject *object) noexcept;
    /// Null if \a object was not noted or has been deleted; \a object is only compared.
    QPointer<QObject> find(const QObject *object) const;
    /// Calls \a use(object, pointer) for each that has not been deleted.
    template <typename Use>
    void visit(Use use) const
    {
        for (const auto &[object, pointer] : m_objects) {
            if (pointer)
                use(object, pointer);
        }
    }

private:
    static constexpr std::size_t Few = 64;

    void forgetDeleted();

    std::unordered_map<const QObject *, QPointer<QObject>> m_objects;
    std::size_t m_most = Few; ///< when to forget the deleted ones
};

/// What was registered with a loop when its thread ended, for the thread's next run.
struct Leftovers
{
    struct Timer
    {
        QPointer<QObject> object;
        int id;
        Nanoseconds interval;
        Qt::TimerType type;
    };
    std::vector<Timer> timers;
    std::vector<QPointer<QObject>> notifiers;

    bool isEmpty() const { return timers.empty() && notifiers.empty(); }
};

/// Any thread. What is kept is forgotten when \a thread is deleted.
void keepLeftovers(QThread *thread, Leftovers &&leftovers);
Leftovers takeLeftovers(QThread *thread);

} // namespace Flywheel
