// SPDX-License-Identifier: MIT
#pragma once

#include "loop/loopcore.h"

#include <QtCore/qobject.h>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// Records a loop that another dispatcher runs. It changes nothing in that loop.
///
/// The dispatcher emits a signal when it is about to block and when it is awake, and Qt calls a hook for each
/// event (eventhook.h). Qt's GLib dispatcher begins a pass that may wait with aboutToBlock() and ends it with
/// awake(). All other passes begin with awake(), and nobody reports their end. In exec() the next pass
/// follows at once, so its awake() is the end. If the program calls processEvents() itself, the time between
/// two passes is its own work. Then only what certainly belongs to the pass counts.
class LoopObserver final : public QObject
{
public:
    /// Observes the calling thread's dispatcher until that is destroyed. Returns false if there is none, if
    /// it is Flywheel's own (which records itself), or if it is already observed.
    static bool attach(const Options &options);

    ~LoopObserver() override;

private:
    LoopObserver(QAbstractEventDispatcher &dispatcher, const Options &options);

    void onAwake();
    void onAboutToBlock();
    static void beginPass(LoopRecorder &recorder, bool followsOn, bool endIsTold);

    const std::shared_ptr<LoopCore> m_core;
    const bool m_isGlib;
};

} // namespace Flywheel
