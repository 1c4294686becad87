// SPDX-License-Identifier: MIT
#include "startchoice.h"

#include <algorithm>

namespace Flywheel::Monitor {

StartChoice::StartChoice(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    m_wait.setSingleShot(true);
    m_wait.setInterval(std::chrono::milliseconds(200));
    connect(&m_wait, &QTimer::timeout, this, &StartChoice::choose);
    connect(&session, &Session::processAdded, &m_wait, qOverload<>(&QTimer::start));
    if (!session.processes().empty())
        m_wait.start();
}

void StartChoice::choose()
{
    disconnect(&m_session, nullptr, &m_wait, nullptr);
    const auto &processes = m_session.processes();
    const bool untouched = std::all_of(processes.begin(), processes.end(), [](const auto &process) {
        return process->state() == Process::State::Available;
    });
    // Who names a program or opens a recording has chosen.
    if (!untouched || !m_session.awaited().isEmpty() || m_session.replay() || processes.size() > Most)
        return;
    for (const auto &process : processes)
        m_session.attach(*process);
}

} // namespace Flywheel::Monitor
