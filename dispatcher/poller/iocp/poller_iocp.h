// SPDX-License-Identifier: MIT
#pragma once

#include "base/pagedarray.h"
#include "poller/iocp/afd.h"
#include "poller/iocp/waittimer.h"
#include "poller/poller.h"

#include <array>
#include <atomic>
#include <memory>
#include <vector>

namespace Flywheel {

/// Sockets by way of a completion port: the driver behind them (Afd) reports through it, and a wake-up is a
/// packet of our own. The wait itself is one for the port's handle and the thread's messages; it lets
/// asynchronous procedure calls in.
///
/// One operation a socket. It reports once and is started again by the next wait, which makes it
/// level-triggered. It can't be taken back at once: where it is no longer wanted it is cancelled, and lives
/// on until its completion has come.
class IocpPoller final : public AbstractPoller
{
public:
    explicit IocpPoller(ClockFunction clock, WaitTimer::MakeTimer makeTimer = WaitTimer::makeExactTimer);
    ~IocpPoller() override;

    Poller kind() const override { return Poller::Iocp; }
    bool hasKernelSet() const override { return false; }
    /// The port. Its handle has 32 significant bits, as all have.
    int descriptor() override { return static_cast<int>(reinterpret_cast<std::intptr_t>(m_port)); }
    std::error_code add(int fd, Interest interest, std::uint64_t token) override;
    std::error_code modify(int fd, Interest interest, std::uint64_t token) override;
    std::error_code remove(int fd) override;
    std::error_code reset() override;

protected:
    Outcome doWait(Nanoseconds timeout, WaitFor what) override;
    void prepareToBeWatched() override { startDue(); }
    void notify() override;

private:
    static constexpr int Nobody = -1;

    struct Operation : Afd::Operation
    {
        int owner = Nobody; ///< the descriptor it watches, Nobody once that is not wanted any more
        ULONG asked = 0;
    };
    struct Socket
    {
        Interest interest = Interest::None; ///< none: not registered
        std::uint64_t token = 0;
        ULONG reported = 0; ///< ends of the connection, which are reported once
        Operation *operation = nullptr;
        bool isDue = false; ///< in m_due
    };

    std::error_code open();
    Socket *registered(int fd);
    void makeDue(int fd, Socket &socket);
    void abandon(Socket &socket);
    void startDue();
    void start(int fd, Socket &socket);
    Operation *newOperation();
    Outcome sleep(Nanoseconds timeout);
    bool collect(WaitFor what, DWORD milliseconds = 0);
    bool complete(Operation &operation, WaitFor what);
    void report(Socket &socket, ULONG events);
    void drain();

    HANDLE m_port = nullptr;
    std::atomic<HANDLE> m_wakeTarget{nullptr}; ///< m_port, for other threads
    Afd m_afd;
    WaitTimer m_timer;
    PagedArray<Socket> m_sockets; ///< by descriptor
    std::vector<int> m_due;       ///< descriptors whose operation is to be started
    std::vector<int> m_starting;
    std::vector<std::unique_ptr<Operation>> m_operations;
    std::vector<Operation *> m_idle;
    std::size_t m_pending = 0; ///< operations that are not idle
    bool m_refused = false;    ///< an operation could not be started for lack of resources
    std::array<OVERLAPPED_ENTRY, 64> m_packets;
    std::vector<ReadyEvent> m_ready;
};

} // namespace Flywheel
