// SPDX-License-Identifier: MIT
#include "poller/iocp/poller_iocp.h"

#include <algorithm>

namespace Flywheel {

namespace {

using namespace std::chrono_literals;

constexpr ULONG_PTR WakeKey = 1; ///< operations come with key 0
constexpr ULONG Ends = Afd::Disconnect | Afd::Abort | Afd::ConnectFail;
constexpr DWORD DrainMilliseconds = 1000;

/// Not Afd's "connected": it is true of every connected socket, whether there is room to write or not.
ULONG toAfd(Interest interest)
{
    ULONG events = Afd::LocalClose | Afd::Abort;
    if (any(interest & Interest::Read))
        events |= Afd::Receive | Afd::Accept | Afd::Disconnect;
    if (any(interest & Interest::Write))
        events |= Afd::Send | Afd::ConnectFail;
    if (any(interest & Interest::Exception))
        events |= Afd::ReceiveExpedited | Afd::ConnectFail;
    return events;
}

Interest fromAfd(ULONG events)
{
    if (events & Afd::Abort)
        return Interest::All;
    Interest ready = Interest::None;
    if (events & (Afd::Receive | Afd::Accept | Afd::Disconnect))
        ready |= Interest::Read;
    if (events & (Afd::Send | Afd::ConnectFail))
        ready |= Interest::Write;
    if (events & (Afd::ReceiveExpedited | Afd::ConnectFail))
        ready |= Interest::Exception;
    return ready;
}

bool isPortUsable(HANDLE port)
{
    return port && ::WaitForSingleObject(port, 0) != WAIT_FAILED;
}

bool isOutOfMemory(DWORD error)
{
    return error == ERROR_NO_SYSTEM_RESOURCES || error == ERROR_NOT_ENOUGH_MEMORY;
}

} // namespace

IocpPoller::IocpPoller(ClockFunction clock, WaitTimer::MakeTimer makeTimer)
    : AbstractPoller(clock)
    , m_timer(makeTimer)
{
    open(); // tried again by each wait until it works
}

IocpPoller::~IocpPoller()
{
    drain();
    m_afd.close();
    if (m_port)
        ::CloseHandle(m_port);
}

std::error_code IocpPoller::open()
{
    if (!m_port)
        m_port = ::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1);
    if (!m_port)
        return lastWindowsError();
    m_wakeTarget.store(m_port, std::memory_order_release);
    return m_afd.isOpen() ? std::error_code() : m_afd.open(m_port);
}

std::error_code IocpPoller::reset()
{
    m_sockets.visitFrom(0, [this](std::size_t, Socket &socket) {
        abandon(socket);
        socket = {};
        return true;
    });
    m_due.clear();
    if (!isPortUsable(m_port)) {
        // Closed behind our back, and its number may be another object by now: let go without closing.
        m_wakeTarget.store(nullptr, std::memory_order_release);
        m_port = nullptr;
        m_afd.close();
    }
    return open();
}

IocpPoller::Socket *IocpPoller::registered(int fd)
{
    Socket *const socket = m_sockets.find(static_cast<std::size_t>(fd));
    return socket && any(socket->interest) ? socket : nullptr;
}

std::error_code IocpPoller::add(int fd, Interest interest, std::uint64_t token)
{
    if (registered(fd))
        return std::make_error_code(std::errc::file_exists);
    if (const std::error_code error = open())
        return error;
    Socket &socket = m_sockets[static_cast<std::size_t>(fd)];
    socket.interest = interest;
    socket.token = token;
    socket.reported = 0;
    makeDue(fd, socket);
    return {};
}

std::error_code IocpPoller::modify(int fd, Interest interest, std::uint64_t token)
{
    Socket *const socket = registered(fd);
    if (!socket)
        return std::make_error_code(std::errc::no_such_file_or_directory);
    if (token != socket->token) {
        abandon(*socket); // the number may mean another socket by now
        socket->token = token;
        socket->reported = 0;
    }
    socket->interest = interest;
    makeDue(fd, *socket);
    return {};
}

std::error_code IocpPoller::remove(int fd)
{
    Socket *const socket = registered(fd);
    if (!socket)
        return std::make_error_code(std::errc::no_such_file_or_directory);
    abandon(*socket);
    socket->interest = Interest::None;
    return {};
}

void IocpPoller::abandon(Socket &socket)
{
    Operation *const operation = std::exchange(socket.operation, nullptr);
    if (!operation)
        return;
    operation->owner = Nobody;
    m_afd.cancel(*operation);
}

void IocpPoller::makeDue(int fd, Socket &socket)
{
    if (!std::exchange(socket.isDue, true))
        m_due.push_back(fd);
}

void IocpPoller::startDue()
{
    m_refused = false;
    m_starting.swap(m_due);
    for (const int fd : m_starting) {
        Socket &socket = m_sockets[static_cast<std::size_t>(fd)];
        socket.isDue = false;
        if (any(socket.interest))
            start(fd, socket);
    }
    m_starting.clear();
}

void IocpPoller::start(int fd, Socket &socket)
{
    const ULONG wanted = toAfd(socket.interest) & ~socket.reported;
    if (socket.operation) {
        if (wanted & ~socket.operation->asked)
            m_afd.cancel(*socket.operation); // its completion makes it due again
        return;
    }
    const SOCKET base = Afd::baseSocket(static_cast<SOCKET>(fd));
    Operation *const operation = newOperation();
    const std::error_code error = m_afd.start(*operation, base, wanted);
    if (!error) {
        operation->owner = fd;
        operation->asked = wanted;
        socket.operation = operation;
        ++m_pending;
        return;
    }
    m_idle.push_back(operation);
    makeDue(fd, socket);
    if (error == std::errc::bad_file_descriptor)
        m_ready.push_back({socket.token, Interest::None, true});
    else
        m_refused = true;
}

IocpPoller::Operation *IocpPoller::newOperation()
{
    if (m_idle.empty()) {
        m_operations.push_back(std::make_unique<Operation>());
        return m_operations.back().get();
    }
    Operation *const operation = m_idle.back();
    m_idle.pop_back();
    return operation;
}

AbstractPoller::Outcome IocpPoller::doWait(Nanoseconds timeout, WaitFor what)
{
    m_ready.clear();
    const bool isOpen = m_port || !open();
    Outcome outcome;
    do {
        if (what == WaitFor::Everything)
            startDue();
        // While something can't be had it is tried again, and whoever wakes us may leave only the flag.
        Nanoseconds slice = isOpen && !m_refused ? timeout : std::min(timeout, WithoutWakeUps);
        if (!m_ready.empty())
            slice = Nanoseconds::zero();
        outcome = sleep(slice);
        outcome.timedOut = outcome.timedOut && slice == timeout;
    } while (collect(what) && m_ready.empty() && timeout == Nanoseconds::zero());
    outcome.events = m_ready;
    return outcome;
}

/// Until there is a packet, a message or an asynchronous procedure call, or the time is over.
AbstractPoller::Outcome IocpPoller::sleep(Nanoseconds timeout)
{
    const bool isTimed = timeout != Nanoseconds::zero() && timeout != Forever;
    WaitTimer::Wait wait{nullptr, timeout == Forever ? INFINITE : 0};
    if (isTimed)
        wait = m_timer.start(timeout);
    const Instant begin = isTimed ? steadyNow() : Instant();

    std::array<HANDLE, 2> handles;
    DWORD count = 0;
    for (const HANDLE handle : {wait.handle, m_port}) {
        if (handle)
            handles[count++] = handle;
    }
    constexpr DWORD Flags = MWMO_ALERTABLE | MWMO_INPUTAVAILABLE;
    const DWORD ended =
        ::MsgWaitForMultipleObjectsEx(count, handles.data(), wait.milliseconds, QS_ALLINPUT, Flags);
    if (ended == WAIT_FAILED)
        return {{}, false, lastWindowsError()};
    if (ended == WAIT_OBJECT_0 + count)
        return {{}, false, {}, true};
    // Either way of waiting may end a tick early.
    const bool timedOut = ended != WAIT_IO_COMPLETION && isTimed && steadyNow() - begin >= timeout;
    return {{}, timedOut || timeout == Nanoseconds::zero(), {}};
}

/// Takes what has come, without waiting. True if an operation is to be started again that reported nothing.
bool IocpPoller::collect(WaitFor what, DWORD milliseconds)
{
    bool again = false;
    ULONG count = static_cast<ULONG>(m_packets.size());
    while (count == m_packets.size()) {
        count = 0;
        if (!::GetQueuedCompletionStatusEx(m_port, m_packets.data(), static_cast<ULONG>(m_packets.size()),
                                           &count, milliseconds, FALSE))
            break; // nothing has come
        for (const OVERLAPPED_ENTRY &packet : std::span(m_packets).first(count)) {
            if (packet.lpCompletionKey != WakeKey)
                again |= complete(*reinterpret_cast<Operation *>(packet.lpOverlapped), what);
        }
    }
    return again;
}

bool IocpPoller::complete(Operation &operation, WaitFor what)
{
    --m_pending;
    m_idle.push_back(&operation);
    const int fd = std::exchange(operation.owner, Nobody);
    if (fd == Nobody)
        return false;
    Socket &socket = m_sockets[static_cast<std::size_t>(fd)];
    socket.operation = nullptr;
    makeDue(fd, socket);
    if (operation.wasCancelled())
        return true;
    if (what == WaitFor::Everything)
        report(socket, operation.found());
    return false;
}

void IocpPoller::report(Socket &socket, ULONG events)
{
    if (events & Afd::LocalClose) {
        m_ready.push_back({socket.token, Interest::None, true});
        return;
    }
    events &= toAfd(socket.interest) & ~socket.reported; // it may have been asked for more
    if (events & Afd::Receive)
        events &= ~static_cast<ULONG>(Afd::Disconnect | Afd::Abort); // reported once all is read
    socket.reported |= events & Ends;
    const Interest ready = fromAfd(events) & socket.interest;
    if (any(ready))
        m_ready.push_back({socket.token, ready, false, (events & (Afd::Disconnect | Afd::Abort)) != 0});
}

/// The kernel writes to operations until they have completed.
void IocpPoller::drain()
{
    for (const std::unique_ptr<Operation> &operation : m_operations) {
        operation->owner = Nobody;
        if (m_pending > 0)
            m_afd.cancel(*operation);
    }
    for (std::size_t before = m_pending + 1; m_pending > 0 && m_pending < before;) {
        before = m_pending;
        collect(WaitFor::WakeUps, DrainMilliseconds);
    }
    if (m_pending > 0) { // those of a port that is gone: they are better lost than written to
        for (std::unique_ptr<Operation> &operation : m_operations)
            static_cast<void>(operation.release());
    }
}

void IocpPoller::notify()
{
    // Without a port the loop looks by itself.
    const HANDLE target = m_wakeTarget.load(std::memory_order_acquire);
    while (target && !::PostQueuedCompletionStatus(target, 0, WakeKey, nullptr)) {
        if (!isOutOfMemory(::GetLastError()))
            return;
        ::Sleep(1);
    }
}

} // namespace Flywheel
