// SPDX-License-Identifier: MIT
#include "targetcheck.h"

#include "model/session.h"
#include "model/target.h"
#include "terminal.h"

#include <QtCore/qcoreapplication.h>

namespace Flywheel::Monitor {

TargetCheck::TargetCheck(const Session &session, const QString &target, std::chrono::milliseconds grace)
    : m_session(session)
    , m_target(target)
    , m_deadline(grace)
{
    m_timer.callOnTimeout([this] { look(); });
    if (!target.isEmpty())
        m_timer.start(std::chrono::milliseconds(100));
}

int TargetCheck::finish()
{
    m_deadline = QDeadlineTimer();
    return m_timer.isActive() ? look() : 0;
}

int TargetCheck::look()
{
    const Process *const process = m_session.find(m_target);
    if (process && !process->loops().empty() && m_session.findAll(m_target).size() == 1) {
        m_timer.stop(); // should it end, it may come back
        return 0;
    }
    if (!m_deadline.hasExpired())
        return 0;
    const QString reason = unwatchable(m_session, m_target);
    if (reason.isEmpty())
        return 0; // slow
    m_timer.stop();
    print(stderr, QStringLiteral("flywheel-monitor: %1\n").arg(reason));
    QCoreApplication::exit(CanNotWatch);
    return CanNotWatch;
}

} // namespace Flywheel::Monitor
