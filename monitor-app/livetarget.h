// SPDX-License-Identifier: MIT
#pragma once

#include "model/relay.h"

#include <optional>

namespace Flywheel::Monitor {

class Session;
struct CommandLine;

/// The live program that the command line names: here by its id or name, or elsewhere, behind a socket or a
/// command.
class LiveTarget
{
public:
    explicit LiveTarget(const CommandLine &line) : m_line(line) {}

    /// True if the command line names none.
    bool isAny() const;
    bool isElsewhere() const;
    /// Attaches to it, at once or when it appears. Returns an empty string, or for people why that failed.
    /// Does nothing if isAny().
    QString attach(Session &session);

    /// The command that reaches it; null if there is none.
    const Relay *relay() const { return m_relay ? &*m_relay : nullptr; }

private:
    const CommandLine &m_line;
    std::optional<Relay> m_relay;
};

} // namespace Flywheel::Monitor
