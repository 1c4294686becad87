// SPDX-License-Identifier: MIT
#include "sessionmessage.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::SessionMessage", text);
}

QString sentence(const QString &reason, const QString &otherwise)
{
    return reason.isEmpty() ? otherwise : reason;
}

/// Rich text.
QString escaped(const QString &reason, const QString &otherwise)
{
    return sentence(reason, otherwise).toHtmlEscaped();
}

QString howToPublish()
{
    return tr(
        "Start your program with <b><code>flywheel-run ./app</code></b>, nothing to recompile.<br>"
        "A program that uses Flywheel already: set <b><code>FLYWHEEL_TELEMETRY=1</code></b> for it.<br><br>"
        "It appears here by itself.");
}

SessionMessage aboutProcess(const Process &process)
{
    switch (process.state()) {
    case Process::State::Connecting:
        return {tr("Connecting to %1…").arg(process.name()), tr("The first figures come within a second."),
                false};
    case Process::State::VersionMismatch:
        return {tr("%1 uses another version of the protocol").arg(process.name()),
                escaped(process.reason(), tr("Use the monitor of the same Flywheel release.")), false};
    case Process::State::Refused:
        return {tr("%1 cannot be watched").arg(process.name()), process.reason().toHtmlEscaped(), false};
    case Process::State::Lost:
        return {tr("Connection to %1 lost").arg(process.name()),
                escaped(process.reason(), tr("Trying again.")), false};
    case Process::State::Ended:
        return {tr("%1 has ended").arg(process.name()),
                escaped(process.reason(), tr("It had no loop to show.")), false};
    case Process::State::Available:
    case Process::State::Attached:
    case Process::State::Recorded:
        break;
    }
    return {tr("%1 has no loop yet").arg(process.name()), tr("A loop appears when its thread starts it."),
            false};
}

} // namespace

SessionMessage messageOf(const Session &session, const Process *current)
{
    if (current && current->state() != Process::State::Available)
        return aboutProcess(*current);
    const auto &processes = session.processes();
    const auto touched = std::find_if(processes.begin(), processes.end(), [](const auto &process) {
        return process->state() != Process::State::Available;
    });
    if (touched != processes.end())
        return aboutProcess(**touched);
    if (!session.awaited().isEmpty())
        return {tr("Waiting for %1").arg(session.awaited().join(QStringLiteral(", "))), howToPublish(),
                false};
    if (!processes.empty())
        return {tr("Choose a program on the left"),
                tr("One click attaches to it; its loops and charts appear at once."), false};
    return {tr("No program publishes its loops yet"), howToPublish(), true};
}

QString warningOf(const Process &process)
{
    switch (process.state()) {
    case Process::State::Lost:
        return tr("Connection lost: %1").arg(sentence(process.reason(), tr("trying again.")));
    case Process::State::Ended:
        if (process.isFromJournals())
            return process.reason();
        return tr("%1 has ended. Its history stays until you close it.").arg(process.name());
    case Process::State::VersionMismatch:
    case Process::State::Refused:
        return process.reason();
    case Process::State::Available:
    case Process::State::Connecting:
    case Process::State::Attached:
    case Process::State::Recorded:
        break;
    }
    return {};
}

} // namespace Flywheel::Monitor
