// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

namespace Flywheel {

/// A loop as NativeMessages sees it while a foreign message loop runs in one of its handlers.
class MessageClient
{
public:
    /// One pass that neither waits nor takes messages.
    virtual void passInForeignLoop() = 0;
    /// The loop is left alone from now on. When it needs the next pass at the latest, if its poller's
    /// descriptor does not become readable before; Immediately if there is something to do now.
    virtual Instant fallAsleepInForeignLoop() = 0;
    virtual void ariseInForeignLoop() = 0;
    virtual int descriptorToWatch() const = 0;

protected:
    ~MessageClient() = default;
};

} // namespace Flywheel
