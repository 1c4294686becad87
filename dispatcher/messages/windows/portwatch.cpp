// SPDX-License-Identifier: MIT
#include "messages/windows/portwatch.h"

#include <algorithm>
#include <array>

namespace Flywheel {

namespace {

using namespace std::chrono_literals;

/// While a thread's queue of messages is full.
constexpr Nanoseconds RetryAfter = 10ms;

DWORD millisecondsUntil(Instant deadline)
{
    if (deadline == Never)
        return INFINITE;
    const Nanoseconds left =
        deadline == Immediately ? 0ns : std::clamp<Nanoseconds>(deadline - steadyNow(), 0ns, 24h);
    return static_cast<DWORD>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

} // namespace

PortWatch::PortWatch(HANDLE port, HWND window, UINT message)
    : m_port(port)
    , m_window(window)
    , m_message(message)
    , m_changed(::CreateEventW(nullptr, FALSE, FALSE, nullptr))
    , m_thread([this] { run(); })
{
}

PortWatch::~PortWatch()
{
    change(State::Ended, Never);
    m_thread.join();
    ::CloseHandle(m_changed);
}

void PortWatch::watch(Instant deadline)
{
    change(State::Watching, deadline);
}

void PortWatch::pause()
{
    change(State::Paused, Never);
}

void PortWatch::change(State state, Instant deadline)
{
    {
        const std::lock_guard lock(m_mutex);
        m_state = state;
        m_deadline = deadline;
    }
    ::SetEvent(m_changed);
}

void PortWatch::run()
{
    const std::array<HANDLE, 2> handles{m_changed, m_port};
    for (;;) {
        DWORD count = 1;
        DWORD timeout = INFINITE;
        {
            const std::lock_guard lock(m_mutex);
            if (m_state == State::Ended)
                return;
            if (m_state == State::Watching) {
                count = 2;
                timeout = millisecondsUntil(m_deadline);
            }
        }
        const DWORD ended = ::WaitForMultipleObjects(count, handles.data(), FALSE, timeout);
        if (ended != WAIT_OBJECT_0 && !tell())
            ::WaitForSingleObject(m_changed, static_cast<DWORD>(RetryAfter / 1ms));
    }
}

/// False if the window's queue is full.
bool PortWatch::tell()
{
    const std::lock_guard lock(m_mutex);
    if (m_state != State::Watching)
        return true;
    if (!::PostMessageW(m_window, m_message, 0, 0))
        return false;
    m_state = State::Paused;
    return true;
}

} // namespace Flywheel
