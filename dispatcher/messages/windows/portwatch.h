// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "platform/windows/windows.h"

#include <mutex>
#include <thread>

namespace Flywheel {

/// Waits for a completion port in a thread of its own, and tells a window of it by a message.
class PortWatch
{
public:
    /// \a port may not be closed before this ends.
    PortWatch(HANDLE port, HWND window, UINT message);
    ~PortWatch();
    PortWatch(const PortWatch &) = delete;

    /// Sends one message, once something is in the port or \a deadline has passed.
    void watch(Instant deadline);
    /// Sends none from now on; one may be on its way.
    void pause();

private:
    enum class State { Paused, Watching, Ended };

    void change(State state, Instant deadline);
    void run();
    bool tell();

    const HANDLE m_port;
    const HWND m_window;
    const UINT m_message;
    const HANDLE m_changed; ///< an event: what follows was changed
    std::mutex m_mutex;
    State m_state = State::Paused;
    Instant m_deadline = Never;
    std::thread m_thread;
};

} // namespace Flywheel
