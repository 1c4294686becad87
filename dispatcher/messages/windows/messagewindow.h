// SPDX-License-Identifier: MIT
#pragma once

#include "platform/windows/windows.h"

#include <functional>

namespace Flywheel {

/// A window that is never seen and gets messages only. Belongs to the thread that made it.
class MessageWindow
{
public:
    /// \a handler: what to do with a message that somebody dispatched.
    explicit MessageWindow(std::function<void(UINT message)> handler);
    ~MessageWindow();
    MessageWindow(const MessageWindow &) = delete;

    /// Null if it could not be made.
    HWND handle() const { return m_window; }

private:
    static LRESULT CALLBACK dispatch(HWND window, UINT message, WPARAM wide, LPARAM parameter);
    static ATOM windowClass();

    const std::function<void(UINT)> m_handler;
    HWND m_window;
};

} // namespace Flywheel
