// SPDX-License-Identifier: MIT
#pragma once

#include "handlerlog.h"

#include <QtCore/qlist.h>
#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

#include <map>
#include <memory>

namespace Flywheel::Monitor {

class Loop;
class Process;

/// Reads the journals of loops on this machine into their HandlerLog, while somebody looks at them.
class HandlerReader : public QObject
{
    Q_OBJECT

public:
    HandlerReader();
    ~HandlerReader() override;

    /// Reads the journals of these loops from now on, and no others. What a loop records while it is not
    /// followed is read when it is followed again, as far as it has not been overwritten.
    void follow(const QList<Loop *> &loops);
    /// Reads what the followed loops of \a process have recorded. Call it after each frame; it reads at most
    /// ten times a second. \a isLast: now in any case, because the process has ended.
    void read(const Process &process, bool isLast = false);

Q_SIGNALS:
    /// Emitted after the loop has taken the batch.
    void handlersTaken(const Flywheel::Monitor::Loop &loop, const Flywheel::Monitor::HandlerBatch &batch);

private:
    struct Journal;

    void read(Loop &loop, bool isLast);
    Journal &journalOf(Loop &loop);

    QList<QPointer<Loop>> m_followed;
    std::map<const Loop *, std::unique_ptr<Journal>> m_journals; ///< the keys are only compared
};

/// Why the handlers of \a loop are not known, as a sentence; empty if they are.
QString whyNoHandlers(const Loop &loop);

} // namespace Flywheel::Monitor
