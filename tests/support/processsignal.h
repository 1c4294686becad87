// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qprocess.h>

#include <csignal>

/// False, and nothing is sent, if it has ended: its id is 0 then, which kill(2) takes for everybody in our
/// own process group.
inline bool sendSignal(const QProcess &process, int number)
{
    const qint64 id = process.processId();
    return id > 0 && ::kill(static_cast<pid_t>(id), number) == 0;
}
