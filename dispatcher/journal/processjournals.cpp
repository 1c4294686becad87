// SPDX-License-Identifier: MIT
#include "journal/processjournals.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>

#include <algorithm>

namespace Flywheel {

namespace {

/// Never destroyed: loops may end after static objects.
std::atomic<ProcessJournals *> s_instance{nullptr};

std::string programName()
{
    const std::string name = QCoreApplication::instance()
                                 ? QFileInfo(QCoreApplication::applicationFilePath()).fileName().toStdString()
                                 : std::string();
    return name.empty() ? "(unknown)" : name;
}

template <std::size_t Size>
void assign(std::array<char, Size> &field, std::string_view text)
{
    field = {};
    text.copy(field.data(), field.size());
}

} // namespace

ProcessJournals::ProcessJournals() : m_processId(QCoreApplication::applicationPid()), m_made(steadyNow()) {}

/// A parent's is left alone: another thread may have held its lock when the process was forked.
ProcessJournals &ProcessJournals::instance()
{
    ProcessJournals *current = s_instance.load(std::memory_order_acquire);
    while (!current || !current->m_mark.isSameProcess()) {
        auto *const fresh = new ProcessJournals;
        fresh->m_former = current;
        if (s_instance.compare_exchange_strong(current, fresh, std::memory_order_acq_rel))
            return *fresh;
        delete fresh;
    }
    return *current;
}

void identify(Journaling::Header &header, std::uint64_t loopId, std::uint64_t threadId,
              std::string_view thread)
{
    const ProcessJournals &process = ProcessJournals::instance();
    header.processId = static_cast<std::uint64_t>(process.processId());
    header.threadId = threadId;
    header.loopId = loopId;
    header.processMade = process.made().time_since_epoch().count();
    header.made = steadyNow().time_since_epoch().count();
    assign(header.program, programName());
    assign(header.thread, thread);
    header.wallOffset.store(wallOffset().count(), std::memory_order_relaxed);
}

} // namespace Flywheel
