// SPDX-License-Identifier: MIT
#pragma once

#include "loopcore.h"

#include <QtCore/qobject.h>

class QAbstractEventDispatcher;

namespace Flywheel {

/// Records a loop that another dispatcher runs, and changes nothing in it.
///
/// What is known: the dispatcher tells when it is about to block and when it is awake, and Qt tells of each
/// event (eventhook.h). A pass lasts from one awake() to the next: Qt's UNIX dispatcher emits it when a pass
/// begins, its GLib dispatcher when one ends. What the loop calls without an event, and the time after the
/// last pass, count as busy.
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

    const std::shared_ptr<LoopCore> m_core;
};

} // namespace Flywheel
