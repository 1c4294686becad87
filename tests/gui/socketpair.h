// SPDX-License-Identifier: MIT
#pragma once

#include "platform/uniquefd.h"

#include <QtCore/qlogging.h>

#include <sys/socket.h>
#include <unistd.h>

/// Two connected sockets.
struct SocketPair
{
    SocketPair()
    {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
            qFatal("socketpair failed");
        near.reset(ends[0]);
        far.reset(ends[1]);
    }
    void makeReady() const
    {
        if (::write(far.get(), "x", 1) != 1)
            qFatal("write failed");
    }
    void take() const
    {
        char byte;
        if (::read(near.get(), &byte, 1) != 1)
            qFatal("read failed");
    }

    Flywheel::UniqueFd near; ///< to be watched
    Flywheel::UniqueFd far;
};
