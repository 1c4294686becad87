// SPDX-License-Identifier: MIT
// The journal of a LoopCore: when it gets a file, and what a fork does to it.
#include "journal/processjournals.h"
#include "loop/loopcore.h"
#include "platform/threadname.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>

namespace Flywheel {

bool LoopCore::isOfMainThread() const
{
    const QCoreApplication *const application = QCoreApplication::instance();
    return !application || application->thread() == thread();
}

/// A file takes its memory at once, because a lack of it must not show when the loop writes. The loops of
/// many threads do next to nothing: they get none.
void LoopCore::makeJournalFileIfActive()
{
    const LoopRecorder *const recorder = m_recorder.load(std::memory_order_relaxed);
    if (!recorder || !recorder->isActive())
        return;
    m_journalHasNoFile = false;
    const std::lock_guard lock(m_mutex);
    m_journalMemory.makeFile(m_id);
}

void LoopCore::identifyJournal()
{
    const std::string name = m_threadName.empty() ? systemThreadName() : m_threadName;
    identify(m_ownedRecorder->journal(), m_id, m_threadId, name);
}

/// In the first pass of a child process.
void LoopCore::noticeFork()
{
    m_processMark.renew();
    {
        const std::lock_guard lock(m_mutex);
        m_journalMemory.makeFileOfChild(m_id);
        if (m_ownedRecorder)
            identifyJournal();
    }
    tellOfFork();
}

} // namespace Flywheel
