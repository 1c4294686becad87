// SPDX-License-Identifier: MIT
#pragma once

#include "platform/windows/windows.h"

#include <winternl.h>

namespace Flywheel {

/// The driver behind Windows' sockets, which can tell of readiness through a completion port. Not documented
/// by Microsoft; select() is made of it, and other event loops have relied on it for years. One operation
/// watches one socket once: for the next report it has to be started again.
class Afd
{
public:
    enum Event : ULONG {
        Receive = 0x001,
        ReceiveExpedited = 0x002, ///< out-of-band data
        Send = 0x004,
        Disconnect = 0x008, ///< the peer sends no more
        Abort = 0x010,      ///< the connection is gone
        LocalClose = 0x020, ///< closesocket()
        Accept = 0x080,
        ConnectFail = 0x100,
    };

    /// The kernel writes to it until its completion is taken from the port, with the address of `status` as
    /// the packet's lpOverlapped: it must neither move nor go before.
    struct Operation
    {
        IO_STATUS_BLOCK status;
        LARGE_INTEGER timeout;
        ULONG socketCount;
        ULONG isExclusive;
        HANDLE socket;
        ULONG events; ///< asked, then found
        NTSTATUS socketStatus;

        bool wasCancelled() const;
        /// None if the operation failed.
        ULONG found() const;
    };

    Afd() = default;
    ~Afd() { close(); }
    Afd(const Afd &) = delete;

    /// Completions go to \a port.
    std::error_code open(HANDLE port);
    bool isOpen() const { return m_device != nullptr; }
    void close();

    /// Watches \a socket, which is one of the base provider (baseSocket()). Unless there is an error a
    /// completion comes, also if the answer is there at once. Error: bad_file_descriptor, if there is no such
    /// socket.
    std::error_code start(Operation &operation, SOCKET socket, ULONG events);
    /// Its completion comes soon.
    void cancel(Operation &operation);

    /// The socket below any layered providers; INVALID_SOCKET if \a socket is none.
    static SOCKET baseSocket(SOCKET socket);

private:
    HANDLE m_device = nullptr;
};

} // namespace Flywheel
