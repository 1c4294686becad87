// SPDX-License-Identifier: MIT
#include "livetarget.h"

#include "commandline.h"
#include "model/session.h"

namespace Flywheel::Monitor {

bool LiveTarget::isElsewhere() const
{
    return !m_line.socket.isEmpty() || !m_line.relay.isEmpty();
}

bool LiveTarget::isAny() const
{
    return m_line.target.isEmpty() && !isElsewhere();
}

QString LiveTarget::attach(Session &session)
{
    if (!m_line.target.isEmpty())
        session.attachWhenFound(m_line.target);
    else if (!m_line.socket.isEmpty())
        session.attachToSocket(m_line.socket, m_line.place);
    if (m_line.relay.isEmpty())
        return {};
    m_relay.emplace(m_line.relay);
    if (QString problem = m_relay->start(); !problem.isEmpty())
        return problem;
    session.attachToSocket(m_relay->socketPath(), m_line.place);
    return {};
}

} // namespace Flywheel::Monitor
