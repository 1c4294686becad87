// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <QtCore/qhash.h>
#include <QtCore/qobject.h>
#include <QtCore/qthread.h>

namespace Flywheel::Monitor {

/// Puts the stacks of stalls into words. Names come from the files of the program and from its debug symbols,
/// which are read in a thread of their own: the first of a large library takes seconds.
class StackNames : public QObject
{
    Q_OBJECT

public:
    explicit StackNames(QObject *parent = nullptr);
    /// Waits for the library that is being read.
    ~StackNames() override;

    /// Returns how the stalled thread spent its time, and its stacks: with addresses at first, with functions
    /// and lines once named() has told. Empty if nobody has looked at the stall.
    QString textOf(const Stall &stall);

Q_SIGNALS:
    void named();

private:
    static constexpr qsizetype MostKept = 64; ///< texts

    QThread m_thread;
    QObject *m_worker; ///< lives in the thread
    QHash<QString, QString> m_texts;
};

/// "Of 760 ms watched it ran 2 ms and slept 758 ms."; empty if it was not watched.
QString stallTimes(const Stall &stall);

} // namespace Flywheel::Monitor
