// SPDX-License-Identifier: MIT
#pragma once

#include "loop/loopcore.h"

#include <QtCore/qobject.h>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// Records a loop that another dispatcher runs, and changes nothing in it.
///
/// What is known: the dispatcher tells when it is about to block and when it is awake, and Qt tells of each
/// event (eventhook.h). Qt's GLib dispatcher begins a pass that may wait with aboutToBlock() and ends it with
/// awake(). Everything else begins with awake(), and nobody tells when it ends: in exec() the next pass
/// follows at once, so that its awake() is the end. Where the program calls processEvents() by itself, what
/// comes between two passes is its own work: then only what surely belongs to the pass counts.
class LoopObserver final : public QObject
{
public:
    /// Observes the calling thread's dispatcher until that is destroyed. False if there is none, if it is
    /// Flywheel's own (which records itself), or if it is observed already.
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
